import { ScaleplanError } from '../../errors.ts';
import type { Child } from '../../process/child.ts';
import type { EngineLoad } from '../engine.ts';

/** k6's exit codes, in words; what is missing here needs no more than its number. */
const CODES: Readonly<Record<number, string>> = {
  97: 'a cloud run failed', 98: 'the cloud gave no progress', 99: 'its own thresholds were crossed', 100: 'setup took too long', 101: 'teardown took too long',
  102: 'a time-out', 103: 'it was stopped over its REST interface', 104: 'its options are wrong', 105: 'it was stopped by a signal', 106: 'its REST interface could not be opened',
  107: 'the script threw an exception', 108: 'the script aborted the test', 109: 'k6 itself crashed (panic)', 110: 'the script marked the test as failed',
};
/** Before the load: what only the script can cause. */
const SCRIPT_CODES = new Set([104, 107]);

export function failureOf(what: string, child: Child): ScaleplanError {
  const said = lastWords(child.stderrTail());
  return new ScaleplanError('engine-failed', `The load generator k6 failed: ${what}.`, {
    hint: said === '' ? 'What was measured before is kept; run again, and report it if it happens again.' : `It said:\n${said}`,
  });
}

/** Its lines have ended without the last one. */
export async function unexpectedEnd(child: Child, load: EngineLoad, hasGreeted: boolean): Promise<ScaleplanError> {
  const { code, signal, error } = await child.exited;
  if (error !== null) return new ScaleplanError('engine-missing', error.message, { hint: 'Build k6: scaleplan engines install k6', cause: error });
  const how = signal !== null ? `its process was ended by ${signal}` : `its process ended with code ${code ?? 'unknown'}${CODES[code ?? 0] === undefined ? '' : ` (${CODES[code ?? 0]})`}`;
  if (!hasGreeted && code !== null && SCRIPT_CODES.has(code) && load.scenario.native !== null) {
    return new ScaleplanError('wrong-scenario', `k6 does not accept ${load.scenario.file}: ${lastWords(child.stderrTail()) || how}`, { hint: 'Try it alone: k6 inspect <file>' });
  }
  return failureOf(how, child);
}

/** The message of each of k6's log lines, without time and level; the end of them. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => {
    const quoted = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    const plain = /\bmsg=(\S+)/.exec(line)?.[1];
    return (quoted?.replaceAll('\\n', ' ').replaceAll('\\t', '').replaceAll('\\"', '"') ?? plain ?? line).trim();
  });
  return lines.filter((line) => line !== '').slice(-5).join('\n').slice(-1500);
}
