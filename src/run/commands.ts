import { ScaleplanError } from '../errors.ts';
import { redact } from '../model/redact.ts';
import { spawnChild } from '../process/child.ts';
import type { Disturbance } from './experiment.ts';

/** A command that begins or ends an experiment has this long; what takes longer must go to the background by itself. */
const COMMAND_LIMIT_MS = 30_000;
const STOP_GRACE_MS = 2000;

/** An experiment that commands of the user's own begin and end. They are run by the shell, in the folder scaleplan was started in. */
export function byCommands({ begin, end }: { readonly begin: string; readonly end: string | null }, cwd: string): Disturbance {
  return {
    begin: (signal) => runCommand(begin, cwd, signal),
    end: end === null ? null : () => runCommand(end, cwd, null),
  };
}

/** Throws `experiment-failed` with the command's own words. */
async function runCommand(command: string, cwd: string, signal: AbortSignal | null): Promise<void> {
  const child = spawnChild('/bin/sh', ['-c', command], { name: 'the command', cwd, readLines: false });
  let isLate = false;
  const stop = (): void => void child.stop(STOP_GRACE_MS);
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, COMMAND_LIMIT_MS);
  signal?.addEventListener('abort', stop, { once: true });
  const { code, signal: by, error } = await child.exited;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  if (code === 0) return;
  const how = isLate ? `was not over after ${COMMAND_LIMIT_MS / 1000} s` : error !== null ? error.message : code === null ? `was ended by ${by ?? 'a signal'}` : `ended with code ${code}`;
  const said = child.stderrTail().trim().split('\n').at(-1) ?? '';
  throw new ScaleplanError('experiment-failed', redact(`"${command}" ${how}${said === '' ? '' : `: ${said}`}`), {
    hint: 'A command must come to its end; what it leaves running is ended with it, unless it has a session of its own (setsid).',
  });
}
