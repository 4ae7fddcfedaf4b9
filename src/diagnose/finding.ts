import type { MetricName } from '../model/metrics.ts';
import type { Evidence } from '../model/report.ts';
import type { Finding } from './rule.ts';
import type { Onset } from './window.ts';

interface Found {
  readonly necessary: boolean;
  readonly sufficient: boolean;
  readonly hardError?: boolean;
  /** A capacity law, with its arithmetic; null where one of its figures is unknown. */
  readonly law?: Law | null;
  readonly onset: Onset | null;
  /** Signs in the order of their weight; null for one that was not read. */
  readonly evidence: readonly (Evidence | null)[];
  readonly contradictions?: readonly (Evidence | null)[];
  /** Look-alikes that are so near that without a look at them this is a suspicion: nothing is sufficient. */
  readonly unsettled?: readonly (Evidence | null)[];
  /** Look-alikes that nobody could look at; it is named, and less surely. */
  readonly unread?: readonly (Evidence | null)[];
}

/** A capacity law held against the measurement. */
export interface Law {
  readonly agrees: boolean;
  readonly evidence: Evidence;
}

/** A finding from its signs: nothing contradicts or confirms what is not there in the first place. */
export function found({ necessary, sufficient, hardError = false, law = null, onset, evidence, contradictions = [], unsettled = [], unread = [] }: Found): Finding {
  const there = (ones: readonly (Evidence | null)[]): Evidence[] => (necessary ? ones.filter((one) => one !== null) : []);
  const [against, open, unseen] = [there(contradictions), there(unsettled), there(unread)];
  const own = evidence.filter((one) => one !== null);
  return {
    status: 'judged',
    signs: { necessary, sufficient: necessary && sufficient && open.length === 0, hardError: necessary && hardError, law: necessary && law?.agrees === true, contradictions: against.length, unread: unseen.length },
    onset: necessary ? onset : null,
    evidence: [...own, ...(necessary && law !== null ? [law.evidence] : []), ...against, ...open, ...(sufficient ? unseen : [])],
  };
}

export function notEnoughData(missing: string, isOptional = false): Finding {
  return { status: 'not-enough-data', missing, isOptional };
}

export function sign(isFor: boolean, metric: MetricName, observed: number, limit: number, text: string): Evidence {
  return { for: isFor, metric, observed, limit, text };
}

/** What nobody looked at: with it the look-alike would be told apart. */
export function notRead(metric: MetricName, text: string): Evidence {
  return { for: false, metric, observed: null, limit: null, text };
}

/** One that counts against: it explains what was seen by something else. */
export function against(metric: MetricName, observed: number, limit: number, text: string): Evidence {
  return { for: false, metric, observed, limit, text };
}
