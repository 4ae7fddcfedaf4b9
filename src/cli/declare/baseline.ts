import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan baseline`: its flags and help; its recipe is loaded when it runs. */
export function declareBaseline(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const baseline = program.command('baseline').description('names for the runs that others are held against')
    .addHelpText('after', `
Examples:
  scaleplan baseline set main
  scaleplan baseline list`);
  baseline.command('set <name> [run...]').description('name a run, or several (default: the newest); a name that exists moves on')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--json', 'as JSON')
    .addHelpText('after', `
Examples:
  scaleplan baseline set main
  scaleplan baseline set v2.3 20260101T100000Z-shop-phase1-a1b2 20260101T101500Z-shop-phase1-c3d4
  scaleplan test --phase 2 --baseline main`)
    .action(async (name, runs, flags) => setExitCode(await (await import('../commands/baseline.ts')).setNamedBaseline(name, runs, flags, host)));
  baseline.command('list').description('the baselines there are')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--json', 'as JSON')
    .addHelpText('after', `
Example:
  scaleplan baseline list --json`)
    .action(async (flags) => setExitCode(await (await import('../commands/baseline.ts')).listBaselines(flags, host)));
}
