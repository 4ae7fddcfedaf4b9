/** What scaleplan itself takes beside the engine: CPU time and memory of its own process while requests come in. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCountingServer } from './counting.ts';
import { cpuSeconds } from './machine.ts';
import type { Table } from './table.ts';

const SECONDS = 40;
/** Until then code is loaded and compiled. */
const SETTLING_SECONDS = 10;
const MOST_CPU = 0.03;
const MOST_MB_PER_10_MILLION = 5;

export async function ownTable(): Promise<Table> {
  await using server = await startCountingServer();
  const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL('own-driver.ts', import.meta.url)), server.url, String(SECONDS + SETTLING_SECONDS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { said += chunk; });
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  while (!said.includes('begun')) await sleep(20);
  await sleep(SETTLING_SECONDS * 1000);
  const [from, fromCpu, fromMs] = [await server.answered(), await cpuSeconds(pid, false), performance.now()];
  await sleep((SECONDS - 2) * 1000);
  const [to, toCpu, toMs] = [await server.answered(), await cpuSeconds(pid, false), performance.now()];
  await ended;
  const seconds = (toMs - fromMs) / 1000;
  const perSec = (to - from) / seconds;
  const cpu = (toCpu - fromCpu) / seconds;
  const heaps = [...said.matchAll(/heap (\d+) after (\d+)/g)].map(([, bytes, requests]) => ({ bytes: Number(bytes), requests: Number(requests) }));
  const [first, last] = [heaps[0], heaps.at(-1)];
  const grown = first === undefined || last === undefined ? Number.NaN : (last.bytes - first.bytes) / 1e6;
  const million = first === undefined || last === undefined ? Number.NaN : (last.requests - first.requests) / 1e6;
  const perTenMillion = (grown / million) * 10;
  return {
    title: 'scaleplan’s own process beside autocannon',
    head: ['', 'measured', 'at most', ''],
    rows: [
      ['CPU', `${(cpu * 100).toFixed(2)} % of a core at ${Math.round(perSec).toLocaleString('en-US')} requests/s`, `${MOST_CPU * 100} % at 10,000/s`, cpu <= MOST_CPU ? 'within' : 'OUTSIDE'],
      ['memory', `${grown.toFixed(2)} MB more after ${million.toFixed(2)} million requests, all seconds kept as a run keeps them`, `${MOST_MB_PER_10_MILLION} MB for 10 million (here ${perTenMillion.toFixed(1)} MB)`, perTenMillion <= MOST_MB_PER_10_MILLION ? 'within' : 'OUTSIDE'],
    ],
  };
}
