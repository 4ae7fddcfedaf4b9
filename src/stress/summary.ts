import type { StressFacts } from '../model/run.ts';
import type { StressFindings } from '../model/stress.ts';

/** The end of a search in a sentence or two: what was shown, and what was not. */
export function summarize({ by, end, confirmedLoad: confirmed, edge, stages, mostMade }: Omit<StressFindings, 'summary'>, { mostLoad, stoppedBy }: Pick<StressFacts, 'mostLoad' | 'stoppedBy'>, unread: readonly string[]): string {
  const unit = (load: number): string => `${say(load)} ${by === 'rate' ? 'requests/s' : 'users at the same time'}`;
  const held = stages.filter(({ outcome }) => outcome === 'holds' || outcome === 'open').map(({ load }) => load);
  const most = Math.max(0, ...held);
  const least = Math.min(...stages.map(({ load }) => load));
  // What nothing read is not among what holds.
  const [every, missing] = unread.length === 0 ? ['every threshold', ''] : ['every threshold that could be read', `; not measured: ${unread.join(', ')}`];
  const proven = confirmed === null ? `${unit(most)} was the highest load that showed no break; no stage was long enough to prove every threshold` : `${every} is proven to hold at ${unit(confirmed)}${missing}`;
  const made = mostMade === null || by === 'users' ? '' : ` The most that this machine made was ${unit(mostMade)}.`;
  switch (end) {
    case 'found': return edge === null ? '' : `It breaks at about ${unit(edge.mid)} (${say(edge.low)}–${say(edge.high)})${confirmed === null ? '; the lower end was not confirmed' : `; ${every} is proven to hold at ${say(confirmed)}${missing}`}.`;
    case 'not-back': return edge === null ? '' : `It breaks at about ${unit(edge.mid)} (${say(edge.low)}–${say(edge.high)}), and did not come back: afterwards it failed at ${unit(lastLoad(stages))}, which it had carried before.`;
    case 'broke-at-once': return `It breaks already at ${unit(least)}, the lowest load that was tried.`;
    case 'never-broke': return `It did not break: ${proven}; ${mostLoad !== null && most >= 0.9 * mostLoad ? `nothing above ${unit(mostLoad)} was to be tried` : stoppedBy === null ? 'the time ended before it could be loaded further' : `it was ended before it could be loaded further: ${stoppedBy}`}.${made}`;
    case 'generator-limit': return most === 0 ? `The generator could not make any of the loads: nothing was learnt about the target.${made}` : `The generator, not the target, was the limit: ${proven}; more takes another engine or machine.${made}`;
    case 'no-time': return stoppedBy === null ? 'No stage was run.' : `It was ended before a stage had shown anything: ${stoppedBy}.`;
  }
}

function lastLoad(stages: StressFindings['stages']): number {
  return stages.findLast(({ purpose }) => purpose !== 'recovery')?.load ?? 0;
}

function say(load: number): string {
  return Number(load.toPrecision(3)).toLocaleString('en-US');
}
