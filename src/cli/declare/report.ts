import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan report`: its flags and help; its recipe is loaded when it runs. */
export function declareReport(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('report [run]')
    .description('judge a saved run again, offline (default: the newest)')
    .option('--plan <id|file>', 'judge by another plan')
    .option('--reporter <name...>', 'terminal, json, csv, html, junit, markdown, github, gitlab, or a module of your own (default: terminal csv html junit markdown)')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--baseline <run|name>', 'hold the run against earlier ones: a folder, an id, or a name of scaleplan baseline')
    .option('--accept-noise', 'let the point estimate decide where the limit lies between the bounds')
    .option('--json', 'print the report as JSON on stdout')
    .addHelpText('after', `
Examples:
  scaleplan report
  scaleplan report 20260101T100000Z-ventures-phase2-a1b2
  scaleplan report reports/20260101T100000Z-ventures-phase2-a1b2 --reporter html junit
  scaleplan report --plan ./plan.yaml --accept-noise --json`)
    .action(async (run, flags) => setExitCode(await (await import('../commands/report.ts')).report(run, flags, host)));
}
