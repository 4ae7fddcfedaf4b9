import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { ENGINE_NAMES, engineNamed } from '../../engines/registry.ts';
import type { Host } from '../host.ts';

interface ListedEngine {
  readonly name: string;
  readonly version: string | null;
  readonly usable: boolean;
  /** Why not; null when it is usable. */
  readonly reason: string | null;
  readonly models: readonly string[];
}

/** Looks at every engine without starting a load. */
export async function listEngines(flags: { readonly json?: boolean }, host: Host): Promise<ExitCode> {
  const listed = await Promise.all(ENGINE_NAMES.map(async (name): Promise<ListedEngine & { readonly hint: string | null }> => {
    const engine = await engineNamed(name);
    const check = await engine.check();
    return check.usable
      ? { name, version: check.version, usable: true, reason: null, models: engine.models, hint: null }
      : { name, version: null, usable: false, reason: check.reason, models: engine.models, hint: check.hint };
  }));
  if (flags.json) {
    host.out.write(`${JSON.stringify(listed.map(({ hint: _, ...one }) => one), null, 2)}\n`);
    return EXIT.passed;
  }
  const { chalk, write } = host.out;
  for (const { name, version, usable, reason, models, hint } of listed) {
    const state = usable ? chalk.green('✓ usable') : chalk.yellow('✗ not usable');
    write(`${name.padEnd(12)}${(version ?? '—').padEnd(10)}${`${models.join(' and ')} model`.padEnd(24)}${state}\n`);
    if (reason !== null) write(`${' '.repeat(12)}${reason}\n`);
    if (hint !== null) write(`${' '.repeat(12)}${hint}\n`);
  }
  return EXIT.passed;
}

const TICK_MS = 1000;

/** Builds k6; the others come with npm. The file goes to stdout, progress to stderr. */
export async function installEngine(name: string, host: Host): Promise<ExitCode> {
  await engineNamed(name);
  if (name !== 'k6') {
    throw new ScaleplanError('wrong-usage', `${name} comes with npm: there is nothing to build.`, { hint: name === 'artillery' ? 'npm install artillery' : 'npm install' });
  }
  const { installK6 } = await import('../../engines/k6/install.ts');
  const interrupt = new AbortController();
  let interrupted: 'SIGINT' | 'SIGTERM' | null = null;
  const release = host.onInterrupt((signal) => {
    interrupted = signal;
    interrupt.abort();
  });
  const progress = showProgress(host);
  try {
    const { file, version, isNew } = await installK6({ report: progress.say, signal: interrupt.signal, env: host.env });
    progress.end();
    host.err.write(isNew ? `k6 ${version} is built and runs.\n` : `k6 ${version} was built already.\n`);
    host.out.write(`${file}\n`);
    return EXIT.passed;
  } catch (error) {
    progress.end();
    if (interrupted !== null) return interrupted === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    throw error;
  } finally {
    release();
  }
}

/** What is being done and for how long; in a terminal one line that counts, elsewhere a line for each step. */
function showProgress({ err, now }: Host): { readonly say: (what: string) => void; readonly end: () => void } {
  let what = '';
  let since = now();
  const draw = (): void => {
    if (err.isTerminal && what !== '') err.write(`\r\u001b[K${what} … ${Math.round((now() - since) / 1000)} s`);
  };
  const timer = setInterval(draw, TICK_MS);
  return {
    say(next) {
      if (err.isTerminal && what !== '') err.write('\n');
      what = next;
      since = now();
      if (err.isTerminal) draw();
      else err.write(`${what}\n`);
    },
    end() {
      clearInterval(timer);
      if (err.isTerminal && what !== '') err.write('\n');
    },
  };
}
