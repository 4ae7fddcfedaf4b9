import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan history`: its flags and help; its recipe is loaded when it runs. */
export function declareHistory(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('history')
    .description('the runs there are, newest last, with the points at which their level changed')
    .option('--plan <id>', 'of this plan alone')
    .option('--phase <id>', 'of this phase alone')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--html <file>', 'write it as a page, too: one file, no network')
    .option('--json', 'as JSON')
    .addHelpText('after', `
Examples:
  scaleplan history
  scaleplan history --plan ventures --phase 2 --json
  scaleplan history --html reports/history.html`)
    .action(async (flags) => setExitCode(await (await import('../commands/history.ts')).history(flags, host)));
}
