import { ScaleplanError } from '../errors.ts';
import type { Judged } from '../import/imported-step.ts';

/** `--from` and `--to` as seconds since the load began. Throws `wrong-usage`. */
export function momentsOf({ from, to }: { readonly from?: string; readonly to?: string }, startedAtMs: number): Judged {
  const read = (flag: string, text: string | undefined): number | null => (text === undefined ? null : momentOf(flag, text, startedAtMs));
  return { fromSeconds: read('--from', from), toSeconds: read('--to', to) };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600 };

function momentOf(flag: string, text: string, startedAtMs: number): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(s|m|min|h)?$/.exec(text.trim()) ?? [];
  if (number !== undefined) return Number(number) * (SECONDS[unit] ?? 1);
  const atMs = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no moment.`, { hint: `Write seconds into the test (${flag} 30s) or a time (${flag} ${new Date(startedAtMs).toISOString()}).` });
  return (atMs - startedAtMs) / 1000;
}
