import type { LoadModel } from '../model/load.ts';
import type { RequestLog } from './request-log.ts';
import type { Results } from './source.ts';
import { wrongResults } from './text-lines.ts';

interface Facts {
  readonly tool: Results['tool'];
  readonly model: LoadModel;
  readonly users: number | null;
  readonly notes: readonly string[];
  readonly generatorReasons?: readonly string[];
}

/** Where no request timed out, nothing depends on the limit. */
const NO_TIMEOUT_MS = 60_000;

/** The results of a tool that logs every request. Throws `wrong-results` where there was none. */
export function loggedResults(file: string, log: RequestLog, { tool, model, users, notes, generatorReasons = [] }: Facts): Results {
  if (log.count === 0) throw wrongResults(`${file}: holds no request`, 'Did the test send any? Is it the file of this tool?');
  const seconds = log.seconds(model === 'open');
  const lastSent = seconds.findLast(({ sent }) => sent > 0)?.second ?? 0;
  return {
    tool, model, users, seconds, startedAtMs: log.startedAtMs, durationSeconds: Math.max(1, lastSent), timeoutMs: log.timeoutMs ?? NO_TIMEOUT_MS, generatorReasons,
    notes: [...notes, 'whether the generator kept up with its schedule is not in such a file', ...(log.timeoutMs === null ? [] : [`time-outs count as ${log.timeoutMs} ms or more: the shortest of them`])],
  };
}
