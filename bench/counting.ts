/** A plain server in a process of its own that tells how many requests it has answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawnChild } from '../src/process/child.ts';
import { freePort } from '../src/process/free-port.ts';

export interface CountingServer extends AsyncDisposable {
  readonly url: string;
  answered(): Promise<number>;
}

export async function startCountingServer(): Promise<CountingServer> {
  const port = await freePort();
  const child = spawnChild(process.execPath, [fileURLToPath(new URL('plain-server.ts', import.meta.url)), String(port)], { name: 'plain server' });
  const lines = child.lines[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the server of the bench ended early: ${child.stderrTail()}`);
    return line.value;
  };
  await next();
  return {
    url: `http://127.0.0.1:${port}`,
    async answered() {
      child.write('count');
      return Number(await next());
    },
    [Symbol.asyncDispose]: async () => void await child.stop(500),
  };
}

/** From the first request a load has this long to get going. */
const RUN_UP_MS = 1000;
const GIVE_UP_MS = 30_000;

/** Requests a second that reach the server, over so many seconds of a load that was just started. */
export async function rateAt(server: CountingServer, seconds: number): Promise<number> {
  const before = await server.answered();
  const untilMs = performance.now() + GIVE_UP_MS;
  while ((await server.answered()) === before) {
    if (performance.now() > untilMs) throw new Error('no request came');
    await sleep(50);
  }
  await sleep(RUN_UP_MS);
  const [from, fromMs] = [await server.answered(), performance.now()];
  await sleep(seconds * 1000);
  const [to, toMs] = [await server.answered(), performance.now()];
  return ((to - from) * 1000) / (toMs - fromMs);
}
