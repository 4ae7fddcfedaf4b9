import { globSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDemo } from '../src/demo/start.ts';
import type { ApplicationId } from '../src/model/application.ts';
import { startSampler } from '../src/probes/sampler.ts';
import { makeTempFolder } from '../src/process/temp-folder.ts';
import { busyShare, cpuTimes } from './machine.ts';
import { median, type Table } from './table.ts';

/** What a probe may cost its server, in ms of CPU a second. */
const BOUND_MS = 2;
const SECONDS = 10;
/** A collection of garbage falls into some of the ten seconds and not into others: 2 ms a second, with or without a probe. */
const PAIRS = 5;
/** Where others use more than half of the CPUs, their work throws the server's out of the caches, and the same statement takes twice as long. */
const TOO_BUSY = 0.5;

/** Which process serves which probe, by the names a reference application gives its processes. */
const SERVERS: Readonly<Partial<Record<ApplicationId, Readonly<Record<string, string>>>>> = {
  ventures: { postgres: 'postgres', redis: 'cache', qdrant: 'vectors', node: 'app' },
  'stolen-tee': { bullmq: 'queue' },
};

/** CPU of each server with its probe, which reads as often as it sees fit, less what it needs by itself: ten seconds without and with it, in turn, and the difference of the medians. */
export async function tables(): Promise<readonly Table[]> {
  const rows: string[][] = [];
  for (const [application, servers] of Object.entries(SERVERS)) rows.push(...await costsOn(application as ApplicationId, servers));
  return [{ title: `CPU of the server in ms a second (wanted: at most ${BOUND_MS})`, head: ['probe', 'at rest', 'with the probe', 'cost', 'CPUs busy', ''], rows }];
}

async function costsOn(application: ApplicationId, servers: Readonly<Record<string, string>>): Promise<string[][]> {
  const folder = await makeTempFolder('bench-probes');
  const demo = await startDemo({ application, architecture: null, bottleneck: null, folder: folder.path, logFolder: folder.path, report: () => {} });
  try {
    const kinds = Object.keys(servers);
    const probes = demo.probes.filter(({ kind }) => kinds.includes(kind));
    const pids = kinds.map((kind) => demo.pids[servers[kind] ?? ''] ?? Number.NaN);
    await sleep(3000);
    const before = cpuTimes();
    const [rest, probed]: [number[][], number[][]] = [[], []];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      rest.push(await spentPerSecond(pids));
      const sampler = await startSampler({ probes, onSample: () => {} });
      // Opening checks privileges and versions, once in a run.
      await sleep(1000);
      probed.push(await spentPerSecond(pids));
      await sampler.stop();
    }
    const busy = busyShare([before, cpuTimes()]);
    return kinds.map((kind, at) => {
      const column = (figures: readonly number[][]): number[] => figures.map((row) => row[at] ?? Number.NaN);
      const cost = median(column(probed)) - median(column(rest));
      return [kind, median(column(rest)).toFixed(2), median(column(probed)).toFixed(2), cost.toFixed(2), `${Math.round(100 * busy)} %`, cost <= BOUND_MS ? 'within' : busy > TOO_BUSY ? 'too busy to tell' : 'OUTSIDE'];
    });
  } finally {
    await demo.stop();
    await folder.dispose();
  }
}

/** Milliseconds of CPU a second of each process with its children. */
async function spentPerSecond(pids: readonly number[]): Promise<number[]> {
  const before = pids.map(cpuMs);
  await sleep(SECONDS * 1000);
  return pids.map((pid, at) => (cpuMs(pid) - (before[at] ?? 0)) / SECONDS);
}

/** In nanoseconds by the scheduler; the ticks of `stat` are too coarse for what is a thousandth of a core. */
function cpuMs(pid: number): number {
  const all = [pid, ...globSync(`/proc/${pid}/task/*/children`).flatMap((file) => readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number))];
  const files = all.flatMap((one) => globSync(`/proc/${one}/task/*/schedstat`));
  return files.reduce((sum, file) => sum + nanoseconds(file), 0) / 1e6;
}

/** A backend may have gone meanwhile. */
function nanoseconds(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}
