import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan forecast`: its flags and help; its recipe is loaded when it runs. */
export function declareForecast(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('forecast')
    .description('milestones ahead on the calendar, by when to begin, and what it costs on the way')
    .option('--plan <id|file>', 'plan to look ahead in (default: the configuration’s, else ventures)')
    .option('--users <n>', 'users there are now; of a CSV its trend says how many')
    .option('--growth <growth>', '8%/month, 2%/week, "120 users/month", or a CSV file of date,users')
    .option('--starting <date>', 'the day on which it begins, as in 2026-01-31 (default: today, UTC)')
    .option('--from <run...>', 'runs: limits in users as the newest one measured or predicted them, beside the plan’s own; of several, the trend')
    .option('--with <changes>', 'what if: the model of the newest run with replicas=2,pool=50,instances=3,cache=64MB')
    .option('--mixed', 'take runs of different targets, phases, versions or machines together all the same')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--html <file>', 'write a page with charts')
    .option('--csv', 'print it as CSV on stdout')
    .option('--json', 'print it as JSON on stdout')
    .addHelpText('after', `
Examples:
  scaleplan forecast --users 420 --growth 8%/month
  scaleplan forecast --plan walls --users 9000 --growth "2,000 users/month" --starting 2026-01-01
  scaleplan forecast --growth users.csv --html forecast.html
  scaleplan forecast --users 420 --growth 8%/month --from reports/20260301T090000Z-ventures-phase2-1a2b
  scaleplan forecast --users 420 --growth 8%/month --from newest --with pool=50,instances=2`)
    .action(async (flags) => setExitCode(await (await import('../commands/forecast.ts')).forecast(flags, host)));
}
