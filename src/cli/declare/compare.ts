import type { Command } from 'commander';
import type { Host } from '../host.ts';

/** `scaleplan compare`: its flags and help; its recipe is loaded when it runs. */
export function declareCompare(program: Command, host: Host, setExitCode: (code: number) => void): void {
  const command = program.command('compare [base] [head]')
    .description('runs against runs, with statistics: by folder, id or baseline, several with commas (head: the newest)')
    .option('--base <run...>', 'more runs of the base')
    .option('--head <run...>', 'more runs of the head');
  declareDecision(command)
    .option('--force', 'compare runs that differ in more than the version')
    .option('--runs <n>', 'make so many runs of each, in turn, and compare them (default: 5)')
    .option('--base-target <url>', 'with --runs: where the base is served')
    .option('--head-target <url>', 'with --runs: where the head is served');
  declareLoad(command)
    .addHelpText('after', `
Exit codes: 0 no regression, 1 a regression, 2 runs that must not be compared, 4 it cannot tell.

Examples:
  scaleplan compare main newest
  scaleplan compare 20260101T100000Z-shop-phase1-a1b2,20260101T101500Z-shop-phase1-c3d4 newest --threshold 10%
  scaleplan compare --runs 5 --base-target http://127.0.0.1:3000 --head-target http://127.0.0.1:3001 --phase 2 --suite load
  scaleplan compare main newest --markdown >> "$GITHUB_STEP_SUMMARY"`)
    .action(async (base, head, flags) => setExitCode(await (await import('../commands/compare.ts')).compare(base, head, flags, host)));
}

/** What is compared, and how it is shown; `duet` has the same. */
export function declareDecision(command: Command): Command {
  return command
    .option('--threshold <percent>', 'the change that matters (default: 5%)')
    .option('--metric <name...>', 'compare these alone: p50, p95, p99, error_rate, throughput')
    .option('--json', 'as JSON')
    .option('--markdown', 'as Markdown');
}

/** The load of runs that are made for it; `duet` has the same. */
export function declareLoad(command: Command): Command {
  return command
    .option('--plan <id|file>', 'plan of the runs that are made')
    .option('--phase <id>', 'phase of the plan')
    .option('--suite <name...>', 'suites to run')
    .option('--scenario <name|file...>', 'scenario files instead of the plan’s, or journeys of them')
    .option('--engine <name>', 'engine for every step that it can run')
    .option('--duration <time>', 'duration, e.g. 60s')
    .option('--users <n>', 'users of the plan that the load stands for')
    .option('--rate <n>', 'requests per second')
    .option('-o, --output <dir>', 'folder of the runs (default: reports)')
    .option('--allow-target <host...>', 'a host beyond loopback and private addresses that is yours to load')
    .option('-q, --quiet', 'no progress');
}
