import type { Evidence } from '../model/report.ts';
import type { Situation } from './rule.ts';
import { sign } from './finding.ts';
import { say } from './say.ts';
import { levelOf, meanOf, quantileOf } from './window.ts';

/** A transaction every other second, or for each hundredth request, is what a server's own housekeeping makes. */
const HOUSEKEEPING_PER_SEC = 0.5;
const HOUSEKEEPING_SHARE = 0.01;
/** Slots that are full keep others out while nobody in them does anything. */
const FULL_SLOTS_PERCENT = 90;

/**
 * A PostgreSQL that did nothing at all while the users waited is probably not theirs: an idle server clears no suspect, and what it
 * does not see happens elsewhere. Null where it took part, if only by connections that were held open or by slots that were full.
 */
export function idleDatabase({ series, judged, sentPerSec }: Pick<Situation, 'series' | 'judged' | 'sentPerSec'>): Evidence | null {
  const commits = meanOf(series('postgres.commits'), judged);
  const active = quantileOf(series('postgres.active'), judged, 1);
  const held = quantileOf(series('postgres.idle_in_transaction'), judged, 1);
  const sent = levelOf(sentPerSec, judged);
  if (commits === null || active === null || sent === null) return null;
  const isUsed = active > 0 || (held ?? 0) > 0 || (quantileOf(series('postgres.connections_used'), judged, 1) ?? 0) >= FULL_SLOTS_PERCENT;
  if (isUsed || commits > HOUSEKEEPING_PER_SEC || commits > HOUSEKEEPING_SHARE * sent) return null;
  return sign(true, 'postgres.commits', commits, HOUSEKEEPING_SHARE * sent, `the PostgreSQL that was read had nothing to do (${say(commits)} transactions/s) while ${say(sent)} requests/s came: is it the one the target uses? Its figures are left out, they rule nothing out`);
}
