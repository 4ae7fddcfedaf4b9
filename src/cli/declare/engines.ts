import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan engines`: its flags and help; its recipe is loaded when it runs. */
export function declareEngines(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const engines = program.command('engines')
    .description('what makes the load: versions, what each can do, whether it can be used')
    .option('--json', 'as JSON')
    .action(async (flags) => setExitCode(await (await import('../commands/engines.ts')).listEngines(flags, host)))
    .addHelpText('after', `
Examples:
  scaleplan engines
  scaleplan engines install k6`);
  engines.command('install <engine>')
    .description('build k6 with scaleplan’s extension (with xk6, about 90 s the first time; needs Go)')
    .addHelpText('after', `
Example:
  scaleplan engines install k6`)
    .action(async (name) => setExitCode(await (await import('../commands/engines.ts')).installEngine(name, host)));
}
