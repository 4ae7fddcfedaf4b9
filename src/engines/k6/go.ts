import { ScaleplanError } from '../../errors.ts';
import { spawnChild } from '../../process/child.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A Go that is new enough. */
export interface Go {
  readonly file: string;
  /** As in `1.26.8`. */
  readonly version: string;
  readonly env: Environment;
}

/** Modules of some 100 packages over a slow line, compiled on one core. */
const BUILD_PATIENCE_MS = 20 * 60_000;
const QUESTION_PATIENCE_MS = 30_000;

/** Throws `engine-missing`, in one sentence, where there is no Go, it is older than k6 needs, or Git is missing. */
export async function findGo(needed: string, env: Environment): Promise<Go> {
  const asked = { ...env, GOWORK: 'off' };
  const version = /go(\d+(?:\.\d+)*)/.exec(await answer('go', ['env', 'GOVERSION'], asked) ?? '')?.[1];
  if (version === undefined) {
    throw new ScaleplanError('engine-missing', `k6 is built from source, and there is no Go on the PATH: Go ${needed} or newer is needed.`, { hint: 'Install it from https://go.dev/dl, then run this again; or name a k6 of your own with scaleplan’s extension in SCALEPLAN_K6.' });
  }
  if (isOlder(version, needed)) {
    throw new ScaleplanError('engine-missing', `k6 needs Go ${needed} or newer to be built, and the Go on the PATH is ${version}.`, { hint: 'Install a newer one from https://go.dev/dl, then run this again.' });
  }
  if (await answer('git', ['version'], asked) === null) {
    throw new ScaleplanError('engine-missing', 'xk6 needs Git to build k6, and there is none on the PATH.', { hint: 'Install Git, then run this again.' });
  }
  return { file: 'go', version, env: asked };
}

/** Runs a step of the build. Throws `engine-missing` with what stands in its way. */
export async function runGo({ env }: Go, command: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const child = spawnChild(command, args, { name: 'go', cwd, env, readLines: false });
  const stop = (): void => void child.stop(2_000);
  const timer = setTimeout(stop, BUILD_PATIENCE_MS);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const { code, error } = await child.exited;
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new ScaleplanError('engine-missing', 'The build of k6 was interrupted.');
  if (error !== null || code !== 0) throw buildFailure(error?.message ?? child.stderrTail());
}

const NETWORK = /dial tcp|no such host|i\/o timeout|connection refused|proxyconnect|TLS handshake|network is unreachable|module lookup disabled|context deadline exceeded|server misbehaving/i;

function buildFailure(said: string): ScaleplanError {
  const lines = said.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const network = lines.find((line) => NETWORK.test(line));
  if (network !== undefined) {
    return new ScaleplanError('engine-missing', `The Go modules of k6 cannot be fetched: ${network.slice(0, 300)}`, { hint: 'Connect to the network, or name a module proxy that can be reached in GOPROXY, and run this again.' });
  }
  return new ScaleplanError('engine-missing', `k6 could not be built: ${lines.slice(-3).join(' · ').slice(0, 600) || 'Go said nothing'}`, { hint: 'Run it again; what was compiled already is kept by Go.' });
}

async function answer(command: string, args: readonly string[], env: Environment): Promise<string | null> {
  const child = spawnChild(command, args, { name: command, env, readLines: false });
  const timer = setTimeout(() => void child.stop(0), QUESTION_PATIENCE_MS);
  const { code } = await child.exited;
  clearTimeout(timer);
  return code === 0 ? child.stderrTail() : null;
}

function isOlder(version: string, needed: string): boolean {
  const [have, want] = [version, needed].map((text) => text.split('.').map(Number)) as [number[], number[]]; // two in, two out
  for (let at = 0; at < want.length; at += 1) {
    const [a, b] = [have[at] ?? 0, want[at] ?? 0];
    if (a !== b) return a < b;
  }
  return false;
}
