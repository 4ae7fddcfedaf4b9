import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan doctor`: its flags and help; its recipe is loaded when it runs. */
export function declareDoctor(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('doctor')
    .description('can this machine, these probes and this target carry a run? Three seconds of load on a server of its own, none on yours')
    .option('--plan <id|file>', 'plan of the run (default: the configuration’s, else ventures)')
    .option('--phase <id>', 'phase of the plan: then its load and thresholds are held against what there is')
    .option('-t, --target <url>', 'system to load')
    .option('--suite <name...>', 'suites of the run (default: unit load)')
    .option('--engine <name>', 'engine for every step that it can run')
    .option('--probe <kind=address...>', 'servers to read, e.g. redis=redis://127.0.0.1:6379')
    .option('-o, --output <dir>', 'folder for runs (default: reports)')
    .option('--allow-target <host...>', 'a host beyond loopback and private addresses that is yours to load')
    .option('--json', 'as JSON: [{check, status, detail, hint}], status one of ok, warn, fail')
    .addHelpText('after', `
Exit codes: 0 a run can be carried out, 2 wrong usage, configuration or target, 3 it cannot be carried out.

Examples:
  scaleplan doctor
  scaleplan doctor --phase 2 --target http://127.0.0.1:3000 --probe postgres=postgres://scaleplan@127.0.0.1:5432/shop
  scaleplan doctor --phase 2 --json`)
    .action(async (flags) => setExitCode(await (await import('../commands/doctor.ts')).doctor(flags, host)));
}
