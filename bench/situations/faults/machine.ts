import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnChild } from '../../../src/process/child.ts';
import type { Fault } from '../situation.ts';
import type { Strain } from '../strain.ts';
import type { System } from '../system.ts';

export function strained(strain: Strain): Fault {
  return async ({ strain: put }) => {
    put(strain);
    return async () => put({});
  };
}

/** Answers are held back on their way. */
export function slowWay(delayMs: number, bytesPerSec: number | null = null): Fault {
  return async ({ way }) => {
    Object.assign(way, { delayMs, bytesPerSec });
    return async () => void Object.assign(way, { delayMs: 0, bytesPerSec: null });
  };
}

/** A control group of its own allows each process of the application so much of a core: what an orchestrator does. Version 1 and 2; needs the right to make one. */
export function limitGroup(percent: number): Fault {
  return async ({ demo }) => {
    const isOld = existsSync('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') || existsSync('/sys/fs/cgroup/cpu/cgroup.procs');
    const parent = isOld ? '/sys/fs/cgroup/cpu' : '/sys/fs/cgroup';
    const groups = Object.entries(demo.pids).filter(([name]) => name.startsWith('app')).map(([, pid]) => {
      const group = `${parent}/scaleplan-${pid}`;
      mkdirSync(group);
      if (isOld) writeFileSync(`${group}/cpu.cfs_quota_us`, String(1000 * percent));
      else writeFileSync(`${group}/cpu.max`, `${1000 * percent} 100000`);
      writeFileSync(`${group}/cgroup.procs`, String(pid));
      return { group, pid };
    });
    return async () => {
      for (const { group, pid } of groups) {
        writeFileSync(`${parent}/cgroup.procs`, String(pid));
        rmdirSync(group);
      }
    };
  };
}

/** A process gets no time for `offMs`, then again for `onMs`: what a limit on its CPU does to it. */
export function holdBack(pidOf: (system: System) => number, offMs: number, onMs: number): Fault {
  return async (system) => {
    const pid = pidOf(system);
    const stopping = new AbortController();
    const working = (async () => {
      while (!stopping.signal.aborted) {
        process.kill(pid, 'SIGSTOP');
        await sleep(offMs, null, { signal: stopping.signal }).catch(() => {});
        process.kill(pid, 'SIGCONT');
        await sleep(onMs, null, { signal: stopping.signal }).catch(() => {});
      }
    })();
    return async () => {
      stopping.abort();
      await working;
    };
  };
}

/** Other work on the same cores: so many processes that never rest; the application stands behind them where it is said so. */
export function fillHost(processes: number, applicationNice = 0): Fault {
  return async ({ demo }) => {
    const children = Array.from({ length: processes }, () => spawnChild(process.execPath, ['-e', 'for (;;) Math.sqrt(2)']));
    // Below everybody else, so that generator and servers keep what they need.
    for (const { pid } of children) setPriority(pid, 5);
    setPriority(demo.appPid, applicationNice);
    return async () => {
      await Promise.all(children.map((child) => child.stop(0)));
      // A lower figure needs a privilege that not everybody has.
      try { setPriority(demo.appPid, 0); } catch { /* stays where it is */ }
    };
  };
}

/** Other work that comes and goes: so long at a time. */
export function burstsOnHost(processes: number, onMs: number, offMs: number): Fault {
  const script = `const work = () => { const until = Date.now() + ${onMs}; while (Date.now() < until) Math.sqrt(2); setTimeout(work, ${offMs}); }; work();`;
  return async () => {
    const children = Array.from({ length: processes }, () => spawnChild(process.execPath, ['-e', script]));
    // Not with the generator's own priority.
    for (const { pid } of children) setPriority(pid, 0);
    return async () => void await Promise.all(children.map((child) => child.stop(0)));
  };
}
