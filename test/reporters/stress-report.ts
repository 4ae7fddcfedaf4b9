import { capacityOf, findingsOf, type MeasuredStage } from '../../src/stress/findings.ts';
import type { StressFacts } from '../../src/model/run.ts';
import type { Report } from '../../src/model/report.ts';
import type { StressStage } from '../../src/model/stress.ts';
import { sampleReport } from './sample-report.ts';

const facts: StressFacts = { by: 'rate', startLoad: 16.7, mostLoad: null, stoppedBy: null, notes: [] };
/** The load at which the p95 below meets its limit of 500 ms. */
export const TRUE_EDGE = 63;

function stage(load: number, purpose: 'climb' | 'search' | 'confirm' = 'search'): MeasuredStage {
  const meanMs = 75 / (1 - Math.min(0.95, load / 74));
  const [p95Ms, isBroken] = [meanMs, load > TRUE_EDGE];
  const breakChance = isBroken ? 0.97 : 0.03;
  const outcome: StressStage['outcome'] = isBroken ? 'breaks' : 'holds';
  const throughputPerSec = Math.min(load, 70);
  return {
    evidence: { load, purpose, isGeneratorLimit: false, isHarmful: false, seconds: 15, answered: throughputPerSec, made: load, goals: [{ goal: 'http.p95{journey=dashboard} < 500 ms', breakChance, state: outcome === 'breaks' ? 'breaks' : 'holds' }, { goal: 'http.p95{journey=social-publish} < 2 s', breakChance: 0.03, state: 'holds' }] },
    shown: { load, purpose, judgedSeconds: 11, outcome, told: isBroken ? [`p95 <b>${p95Ms.toFixed(0)} ms</b>`] : [], throughputPerSec, p95Ms: 3 * p95Ms, meanMs, errorPercent: 0, inFlight: (throughputPerSec * meanMs) / 1000 },
  };
}

/** A search of a pool that breaks at 63/s, with everything a report can show of one; the verdicts and causes are those of the failed sample. */
export function stressReport(): Report {
  const base = sampleReport('failed');
  const measured = [stage(16.7, 'climb'), stage(33.4, 'climb'), stage(66.8, 'climb'), ...[47, 56, 61, 64, 62].map((load) => stage(load)), stage(58, 'confirm')];
  const recovery = { overloadLoad: 93, normalLoad: 33.3, seconds: 4, watchedSeconds: 20, stuck: ['4 requests still wait for a database connection'] };
  const found = findingsOf(facts, measured, recovery);
  const stress = { ...found, behind: { known: true, bottleneck: 'node-cpu', resource: 'the event loop', utilization: 0.31, atPerSec: 62, ratePerSec: { low: 140, mid: 170, high: 205 }, users: { low: 8400, mid: 10_200, high: 12_300 }, milestone: 'node-cpu' } } as const;
  const run = { ...base.run, trials: [{ metric: 'service.data_consistency' as const, value: 100, note: '239 of 240 writes made under overload were acknowledged; 0 of them are missing, 0 were applied more than once; so many prove more than 98.7 %' }] };
  return { ...base, run, stress, outlook: { ...base.outlook, capacity: capacityOf(found, 1 / 60) } };
}
