import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../../errors.ts';
import { BOTTLENECKS } from '../../model/bottleneck.ts';
import { ENGINE_NAMES } from '../../engines/registry.ts';
import { listPlans } from '../../plan/list.ts';
import { PROBE_KINDS } from '../../probes/registry.ts';
import { bashScript, fishScript, zshScript, type Completed } from '../completion.ts';
import type { Host } from '../host.ts';

/** `scaleplan completion`: a script for the shell, from the commands as they are declared. */
export async function completion(shell: string, program: Command, host: Host): Promise<ExitCode> {
  const values = {
    plan: await listPlans(), demo: BOTTLENECKS, bottleneck: BOTTLENECKS, engine: ENGINE_NAMES,
    suite: ['unit', 'integration', 'load', 'stress'], probe: PROBE_KINDS.map((kind) => `${kind}=`),
    reporter: ['terminal', 'json', 'csv', 'html', 'junit', 'markdown', 'github', 'gitlab'],
  };
  const commands = completedBy(program, [], values);
  const script = shell === 'fish' ? fishScript(commands) : shell === 'zsh' ? zshScript(commands) : bashScript(commands);
  host.out.write(script);
  return EXIT.passed;
}

/** Every command with its path, the program itself first. */
function completedBy(command: Command, path: readonly string[], values: Readonly<Record<string, readonly string[]>>): Completed[] {
  const subcommands = command.commands.filter((one) => one.name() !== 'help');
  const own: Completed = {
    path,
    description: command.description(),
    subcommands: subcommands.map((one) => ({ name: one.name(), description: one.description() })),
    arguments: command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
    flags: command.createHelp().visibleOptions(command).map((option) => ({
      long: option.long ?? option.short ?? '', short: option.long === undefined ? null : (option.short ?? null), description: option.description,
      takesValue: option.required || option.optional, values: option.argChoices ?? (option.required ? (values[option.name()] ?? []) : []),
    })),
  };
  return [own, ...subcommands.flatMap((one) => completedBy(one, [...path, one.name()], values))];
}
