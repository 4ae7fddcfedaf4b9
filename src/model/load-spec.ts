/**
 * How a load moves over time, stated once for every engine and both models. Shares are of the phase's rate (open model) or of the
 * step's users (closed model), 1 = all of it.
 */
export type LoadSpec =
  | { readonly kind: 'constant' }
  | { readonly kind: 'ramp'; readonly from: number; readonly to: number }
  | { readonly kind: 'steps'; readonly shares: readonly number[]; readonly eachSeconds: number | null }
  | { readonly kind: 'spike'; readonly share: number; readonly seconds: number }
  | { readonly kind: 'soak'; readonly seconds: number }
  | { readonly kind: 'replay'; readonly file: string };

/** What a shape looks like, for messages. */
export const LOAD_SPEC_EXAMPLES = ['constant', 'ramp 10-100 %', 'steps 25, 50, 75, 100 % for 60 s', 'spike 300 % for 30 s', 'soak 4 h', 'replay traffic.csv'] as const;

/** A load of a thousand times the phase's is a slip of the pen. */
const MOST_SHARE = 1000;
const MOST_STEPS = 100;
const SECONDS: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3600 };

/** Reads a shape as people write it; null for anything else. */
export function readLoadSpec(written: string): LoadSpec | null {
  const text = written.trim().replaceAll(/\s+/g, ' ');
  if (text === 'constant') return { kind: 'constant' };
  const replay = /^replay (\S.*)$/.exec(text)?.[1];
  if (replay !== undefined) return { kind: 'replay', file: replay };
  const soak = /^soak (.+)$/.exec(text)?.[1];
  if (soak !== undefined) return ofDuration(soak, (seconds) => ({ kind: 'soak', seconds }));
  const [, from, to] = /^ramp ([\d.]+) ?%? ?[-–] ?([\d.]+) ?%$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return ofShares([from, to], ([low = 0, high = 0]) => (high === 0 && low === 0 ? null : { kind: 'ramp', from: low, to: high }));
  const [, share, time] = /^spike ([\d.]+) ?% for (.+)$/.exec(text) ?? [];
  if (share !== undefined && time !== undefined) return ofShares([share], ([one = 0]) => (one === 0 ? null : ofDuration(time, (seconds) => ({ kind: 'spike', share: one, seconds }))));
  const [, list, each] = /^steps ([\d.,% ]+?)(?: for (.+))?$/.exec(text) ?? [];
  if (list === undefined) return null;
  return ofShares(list.split(',').map((one) => one.replace('%', '').trim()), (shares) => {
    if (shares.includes(0) || shares.length > MOST_STEPS || !list.includes('%')) return null;
    return each === undefined ? { kind: 'steps', shares, eachSeconds: null } : ofDuration(each, (eachSeconds) => ({ kind: 'steps', shares, eachSeconds }));
  });
}

function ofDuration(text: string, then: (seconds: number) => LoadSpec): LoadSpec | null {
  const [, figure, unit] = /^(\d+(?:\.\d+)?) ?(s|sec|m|min|h)$/.exec(text) ?? [];
  const seconds = Number(figure) * (SECONDS[unit ?? ''] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 1 ? then(Math.ceil(seconds)) : null;
}

function ofShares(texts: readonly string[], then: (shares: readonly number[]) => LoadSpec | null): LoadSpec | null {
  const shares = texts.map((text) => (text === '' ? Number.NaN : Number(text) / 100));
  return shares.every((share) => share >= 0 && share <= MOST_SHARE) ? then(shares) : null;
}
