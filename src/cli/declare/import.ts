import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan import`: its flags and help; its recipe is loaded when it runs. */
export function declareImport(program: Command, host: Host, setExitCode: (code: number) => void): void {
  program.command('import <format> <file>')
    .description('results of k6, jmeter, artillery, locust or vegeta as a run: judged, diagnosed, reported like any other')
    .option('--plan <id|file>', 'plan to judge by (default: the configuration’s, else ventures)')
    .option('--phase <id>', 'phase of the plan')
    .option('--users <n>', 'users of the plan that the load stands for')
    .option('--rate <n>', 'requests per second that were asked for (default: the phase’s)')
    .option('--from <time>', 'judge from here: seconds into the test (30s, 2m) or a time of day (2026-01-31T12:00:00Z)')
    .option('--to <time>', 'judge up to here')
    .option('--probe <kind=address...>', 'prometheus=http://host:9090 alone: it remembers what the servers did at that time')
    .option('-t, --target <url>', 'the system that was loaded, for the report')
    .option('--reporter <name...>', 'as of scaleplan report')
    .option('-o, --output <dir>', 'folder for runs (default: reports)')
    .option('--baseline <run|name>', 'hold the run against earlier ones')
    .option('--accept-noise', 'let the point estimate decide where the limit lies between the bounds')
    .option('--json', 'print the report as JSON on stdout')
    .addHelpText('after', `
What each tool writes:
  k6         k6 run --out json=k6.json.gz script.js      (or --out csv=k6.csv)
  jmeter     jmeter -n -t plan.jmx -l results.jtl
  artillery  artillery run -o artillery.json script.yml  (plugin metrics-by-endpoint tells requests apart)
  locust     locust --headless --csv shop --csv-full-history  →  shop_stats_history.csv
  vegeta     vegeta encode < results.gob > vegeta.json

Examples:
  scaleplan import k6 k6.json.gz --phase 2
  scaleplan import jmeter results.jtl --plan ./plan.yaml --phase 1 --from 60s --probe prometheus=http://127.0.0.1:9090
  scaleplan import vegeta vegeta.json --phase 2 --rate 100 --json`)
    .action(async (format, file, flags) => setExitCode(await (await import('../commands/import.ts')).importResults(format, file, flags, host)));
}
