import { readFileSync } from 'node:fs';
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

/** What stands in the files of Linux at one moment. */
export interface MachineTexts {
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
