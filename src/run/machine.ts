import { readFileSync } from 'node:fs';
import type { Interval } from '../model/interval.ts';
import { parseCpu, parsePressure } from '../probes/linux-proc.ts';

/** How the machine that makes the load fared since the last look, in shares of that time. Null: this kernel does not tell. */
export interface MachineState {
  /** CPUs in use, by whomever. */
  readonly busy: number | null;
  /** CPU time that the hypervisor gave to others: nothing here moved meanwhile. */
  readonly stolen: number | null;
  /** Something was ready to run and waited for a CPU. */
  readonly waiting: number | null;
}

/** One second of a step, and how the machine fared in it where somebody looked. */
export type WatchedSecond = Interval & { readonly machine?: MachineState };

/** What stands in the files of Linux at one moment. */
interface MachineTexts {
  readonly stat: string;
  readonly cpuPressure: string;
  readonly atMs: number;
}

/** Looks at this machine; each call gives its state since the call before. A tenth of a millisecond, and nothing but nulls where there is no /proc. */
export function watchMachine(): () => MachineState {
  let before = readTexts();
  return () => {
    const now = readTexts();
    const state = stateBetween(before, now);
    before = now;
    return state;
  };
}

export function stateBetween(before: MachineTexts, now: MachineTexts): MachineState {
  const [cpuBefore, cpu] = [parseCpu(before.stat), parseCpu(now.stat)];
  const ticks = cpu === null || cpuBefore === null ? 0 : cpu.total - cpuBefore.total;
  const [waitedBefore, waited] = [parsePressure(before.cpuPressure), parsePressure(now.cpuPressure)];
  const passedUs = (now.atMs - before.atMs) * 1000;
  return {
    busy: cpu === null || cpuBefore === null || ticks <= 0 ? null : share(cpu.busy - cpuBefore.busy, ticks),
    stolen: cpu === null || cpuBefore === null || ticks <= 0 ? null : share(cpu.steal - cpuBefore.steal, ticks),
    waiting: waited === null || waitedBefore === null || passedUs <= 0 ? null : share(waited - waitedBefore, passedUs),
  };
}

/** What the machine was doing meanwhile: it alone is no fault, for a target beside the generator may use it up, and that is a finding. */
export function sayMachine(seconds: readonly WatchedSecond[]): string {
  const [busy, waiting] = [meanOf(seconds, (machine) => machine.busy), meanOf(seconds, (machine) => machine.waiting)];
  if (busy === null) return '';
  return `, whose CPUs were ${percent(busy)} in use${waiting === null ? '' : `, with something waiting for one ${percent(waiting)} of the time`}`;
}

/** Over the seconds in which somebody looked; null where there is none. */
export function meanOf(seconds: readonly WatchedSecond[], pick: (machine: MachineState) => number | null): number | null {
  const known = seconds.flatMap(({ machine }) => (machine === undefined ? [] : [pick(machine)])).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export function percent(share: number | null): string {
  return `${Math.round(100 * (share ?? 0))} %`;
}

function share(part: number, whole: number): number {
  return Math.max(0, Math.min(1, part / whole));
}

function readTexts(): MachineTexts {
  return { stat: readIfThere('/proc/stat'), cpuPressure: readIfThere('/proc/pressure/cpu'), atMs: performance.now() };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
