import { judge } from '../../src/judge/judge.ts';
import { comparisonsOf } from '../../src/model/condition.ts';
import type { Verdict } from '../../src/model/report.ts';
import type { Run } from '../../src/model/run.ts';
import { conditionsFor, findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import type { Configuration } from './configuration.ts';
import type { System } from './system.ts';

/** One stage at a load: did a threshold break, and which. */
export interface Stage {
  readonly load: number;
  readonly broke: boolean;
  readonly told: string;
}

/** Where it broke: between the highest load that held and the lowest that broke. */
export interface Truth {
  readonly at: number;
  readonly stages: readonly Stage[];
}

/** Each step goes up where every threshold held and down where one broke: ends within a twentieth of the edge. */
const STEPS = [1.22, 1.12, 1.06, 1.04, 1.04] as const;
const MOST_STAGES = 8;
/** So many stages of a search may be repeated because the generator was late. */
const MOST_LATE = 3;
/** Where the limit is seconds away, or a queue grows by a few requests a second, an overload needs as long until somebody feels it. */
const SECONDS: Readonly<Record<Exclude<Configuration['kind'], 'cache'>, number>> = { pool: 16, search: 36, cpu: 36, loop: 16 };

/** Stage after stage on the same application until the edge lies between two of them. */
export async function findTruth({ kind, near }: Configuration, system: System, say: (line: string) => void): Promise<Truth> {
  const seconds = kind === 'cache' ? 0 : SECONDS[kind];
  const stages: Stage[] = [];
  let late = 0;
  // Pools, caches and compiled code, as in the first stage of a search.
  await system.play(near * 0.5, { 'warm-up': 1, sustain: 4 });
  for (let load = near; stages.length < MOST_STAGES;) {
    const run = await system.play(load, { 'warm-up': 4, sustain: seconds });
    if (generatorReason(run) !== null && late < MOST_LATE) {
      // No evidence about the target; a neighbour on the machine passes.
      late += 1;
      say(`  ${load.toFixed(1)}/s once more, ${generatorReason(run)}`);
      continue;
    }
    const stage = await judged(run, load);
    stages.push(stage);
    say(`  ${load.toFixed(1)}/s ${stage.broke ? 'breaks' : 'holds'} ${stage.told}`);
    if (stages.length >= STEPS.length && stages.some(({ broke }) => broke) && stages.some(({ broke }) => !broke)) break;
    const step = STEPS[Math.min(stages.length, STEPS.length) - 1] ?? 1.04;
    load = stage.broke ? load / step : load * step;
  }
  return { at: edgeOf(stages), stages };
}

/** The load with the fewest stages on its wrong side; of a range of such loads the middle. */
export function edgeOf(stages: readonly Stage[]): number {
  const loads = stages.map(({ load }) => load).toSorted((a, b) => a - b);
  const wrong = (edge: number): number => stages.filter(({ load, broke }) => (load < edge) === broke).length;
  const gaps = loads.slice(1).map((high, at) => [loads[at] ?? high, high] as const).map(([low, high]) => ({ low, high, wrong: wrong(Math.sqrt(low * high)) }));
  const least = Math.min(...gaps.map((gap) => gap.wrong));
  const best = gaps.filter((gap) => gap.wrong === least);
  return Math.sqrt((best[0]?.low ?? Number.NaN) * (best.at(-1)?.high ?? Number.NaN));
}

function generatorReason({ steps }: Run): string | null {
  return steps.flatMap(({ generatorReasons }) => generatorReasons)[0] ?? null;
}

async function judged(run: Run, load: number): Promise<Stage> {
  const plan = await loadPlan(run.plan.id, { cwd: '/' });
  const phase = findPhase(plan, run.plan.phase);
  const generator = generatorReason(run);
  if (generator !== null) return { load, broke: true, told: `generator: ${generator}` };
  const conditions = conditionsFor(plan, phase, 'load', load).filter(({ kind, required }) => kind === 'threshold' && required);
  const broken = judge(run, [{ suite: 'load', conditions }], { acceptNoise: false }).filter(isBroken);
  return { load, broke: broken.length > 0, told: broken.map(({ condition, observed }) => `${condition.text}: ${observed?.toFixed(1)}`).join('; ') };
}

/** A share of errors must be proven; of everything else the figure itself decides, as a stage is short. */
function isBroken({ condition, status, observed, limit }: Verdict): boolean {
  if (status === 'fail') return true;
  const [first] = comparisonsOf(condition);
  if (first === undefined || first.metric === 'http.error_rate' || observed === null || limit === null) return false;
  return first.op === '<' || first.op === '<=' ? observed > limit : observed < limit;
}
