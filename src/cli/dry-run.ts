import { EXIT, type ExitCode } from '../errors.ts';
import type { LoadShape } from '../model/load.ts';
import type { Phase, Plan } from '../model/plan.ts';
import type { Host } from './host.ts';
import type { Settings } from './settings.ts';
import { sayLoad, type PlannedStep } from './steps.ts';

interface DryRun {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly steps: readonly PlannedStep[];
  readonly settings: Settings;
  readonly isJson: boolean;
}

/** What would run, on what, for how long and why so long; nothing is started. */
export function describeDryRun({ plan, phase, steps, settings, isJson }: DryRun, host: Host): ExitCode {
  const totalSeconds = steps.reduce((sum, { load }) => sum + load.totalSeconds, 0);
  if (isJson) {
    const shown = steps.map(({ suite, engine, scenario, endpoint, load }) => ({ suite, engine: engine.name, scenario: scenario.file, endpoint, ...load }));
    host.out.write(`${JSON.stringify({ plan: { id: plan.id, phase: phase.id }, target: settings.target, totalSeconds, steps: shown }, null, 2)}\n`);
    return EXIT.passed;
  }
  const { chalk, write } = host.out;
  write(`${chalk.bold(`${plan.id} · phase ${phase.id} · ${phase.name}`)}\n`);
  if (!settings.isPlanNamed) write(`No plan was named: this is the bundled plan ${plan.id} (--plan names another).\n`);
  write(`Target: ${settings.target ?? `the reference application${settings.demo ? ` with ${settings.demo}` : ''}`}\n`);
  write(`Load: ${sayLoad(phase, steps)}\n\n`);
  // The endpoints of a suite that share a load are one paragraph.
  for (const alike of Map.groupBy(steps, ({ suite, engine, load }) => `${suite} ${engine.name} ${load.because.join()}`).values()) {
    const [first] = alike;
    if (!first) continue;
    const { suite, engine, scenario, load } = first;
    const endpoints = alike.flatMap(({ endpoint }) => endpoint?.step ?? []);
    write(`${suite} · ${engine.name}, ${load.shape.model} model · at most ${load.totalSeconds} s, ${load.judgedSeconds} s judged${endpoints.length > 0 ? `, ${endpoints.length === 1 ? 'for the endpoint' : `for each of ${endpoints.length} endpoints:`} ${endpoints.join(', ')}` : ''}\n`);
    write(`  ${scenario.file}\n  ${stagesOf(load)}\n`);
    if (settings.engine !== null && settings.engine !== engine.name) write(`  ${chalk.yellow('warning')} ${settings.engine} cannot make this load: ${engine.name} does\n`);
    for (const reason of load.because) write(`  because ${reason}\n`);
    for (const warning of load.warnings) write(`  ${chalk.yellow('warning')} ${warning}\n`);
  }
  write(`\nAt most ${totalSeconds} s of load in all. Nothing was started.\n`);
  return EXIT.passed;
}

/** A replay may have thousands. */
const SHOWN_STAGES = 12;

function stagesOf({ shape: { stages }, requestsPerArrival }: PlannedStep['load']): string {
  const shown = stages.slice(0, SHOWN_STAGES).map((stage) => `${stage.name} ${stage.durationSeconds} s ${levelOf(stage, requestsPerArrival)}`).join(' → ');
  return stages.length > SHOWN_STAGES ? `${shown} → … (${stages.length - SHOWN_STAGES} more)` : shown;
}

/** `at 33.3/s`, `8.3–33.3/s` in requests, or `with 4 users`. */
function levelOf(stage: LoadShape['stages'][number], requestsPerArrival: number): string {
  if ('users' in stage) return `with ${stage.users} users`;
  const [from, to] = [stage.arrivalsPerSec.from, stage.arrivalsPerSec.to].map((rate) => Number((rate * requestsPerArrival).toPrecision(3)).toLocaleString('en-US'));
  return from === to ? `at ${from}/s` : `${from}–${to}/s`;
}
