/** What scaleplan itself takes beside the engine: CPU time and memory of its own process while requests come in. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCountingServer } from './counting.ts';
import { cpuSeconds } from './machine.ts';
import { daysOf, isChosen, keepResults, readResults, today, type Result } from './results.ts';
import type { Table } from './table.ts';

const BENCH = 'cost-own';
const SECONDS = 40;
/** Until then code is loaded and compiled. */
const SETTLING_SECONDS = 10;
/** As long as `own-worker.ts` takes for its requests in the time of the run. */
const COUNTED_SECONDS = 400;
const MOST_CPU = 0.03;
const MOST_MB_PER_10_MILLION = 5;

interface Own extends Result {
  readonly requestsPerSec: number;
  /** Share of one core. */
  readonly cpu: number;
  readonly sent: Growth;
  readonly counted: Growth;
}

interface Growth {
  readonly megabytes: number;
  readonly millions: number;
}

export async function ownTable(pieces: readonly string[]): Promise<Table> {
  if (isChosen('own', pieces)) await keepResults<Own>(BENCH, [await measureOwn()]);
  const kept = await readResults<Own>(BENCH);
  return { title: `scaleplan’s own process beside autocannon${daysOf(kept)}`, head: ['', 'measured', 'at most', ''], rows: kept.flatMap(rowsOf) };
}

function rowsOf({ requestsPerSec, cpu, sent, counted }: Own): string[][] {
  const memory = (name: string, { megabytes, millions }: Growth): string[] => {
    const perTenMillion = (megabytes / millions) * 10;
    return [
      name, `${megabytes.toFixed(2)} MB more after ${millions.toFixed(2)} million requests`,
      `${MOST_MB_PER_10_MILLION} MB for 10 million (here ${perTenMillion.toFixed(1)} MB)`, perTenMillion <= MOST_MB_PER_10_MILLION ? 'within' : 'OUTSIDE',
    ];
  };
  return [
    ['CPU', `${(cpu * 100).toFixed(2)} % of a core at ${Math.round(requestsPerSec).toLocaleString('en-US')} requests/s`, `${MOST_CPU * 100} % at 10,000/s`, cpu <= MOST_CPU ? 'within' : 'OUTSIDE'],
    memory('memory, requests that were sent', sent),
    memory('memory, requests that were only counted', counted),
  ];
}

async function measureOwn(): Promise<Own> {
  await using server = await startCountingServer();
  const driver = startDriver(server.url, SECONDS + SETTLING_SECONDS);
  await driver.begun();
  await sleep(SETTLING_SECONDS * 1000);
  const [from, fromCpu, fromMs] = [await server.answered(), await cpuSeconds(driver.pid, false), performance.now()];
  await sleep((SECONDS - 2) * 1000);
  const [to, toCpu, toMs] = [await server.answered(), await cpuSeconds(driver.pid, false), performance.now()];
  const seconds = (toMs - fromMs) / 1000;
  return {
    key: 'own', day: today(), requestsPerSec: (to - from) / seconds, cpu: (toCpu - fromCpu) / seconds,
    sent: await driver.growth(), counted: await startDriver('counted', COUNTED_SECONDS).growth(),
  };
}

interface Driver {
  readonly pid: number;
  begun(): Promise<void>;
  /** Once it has ended: how much memory its seconds have taken, from the tenth to the last. */
  growth(): Promise<Growth>;
}

function startDriver(target: string, seconds: number): Driver {
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL('own-driver.ts', import.meta.url)), target, String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { said += chunk; });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async begun() {
      while (!said.includes('begun') && child.exitCode === null) await sleep(20);
    },
    async growth() {
      await ended;
      const told = [...said.matchAll(/memory (\d+) after (\d+)/g)].map(([, bytes, requests]) => ({ bytes: Number(bytes), requests: Number(requests) }));
      const [first, last] = [told[0], told.at(-1)];
      if (first === undefined || last === undefined || last === first) throw new Error('the driver ended without telling its memory');
      return { megabytes: (last.bytes - first.bytes) / 1e6, millions: (last.requests - first.requests) / 1e6 };
    },
  };
}
