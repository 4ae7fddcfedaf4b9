import { readdir } from 'node:fs/promises';
import { platform } from 'node:os';
import { ScaleplanError } from '../errors.ts';
import { Counters } from './counters.ts';
import { parseFields, readIfThere } from './linux-proc.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading } from './probe.ts';

/** Reads one process of this host out of /proc: its CPU, its memory, and how long its main thread waited for a CPU. */
export const processProbe: OpenProbe = (options) => new ProcessProbe(options);

/** The unit of /proc/PID/stat, the same on every Linux that people run servers on. */
const TICKS_PER_SECOND = 100;

class ProcessProbe implements Probe {
  readonly kind = 'process';
  readonly #pid: string;
  readonly #counters = new Counters<'cpuTicks' | 'waitNs' | 'majorFaults'>();
  #startTicks: string | null = null;

  constructor({ address }: ProbeOptions) {
    this.#pid = address;
  }

  async open(): Promise<string> {
    if (platform() !== 'linux') throw refused(`a process can be read on Linux only, and this is ${platform()}`, 'Name the metrics page of the application instead.');
    if (!/^[1-9]\d*$/.test(this.#pid)) throw refused(`"${this.#pid}" is no process id`, 'Write process=12345.');
    const { name, startTicks } = await this.#stat();
    this.#startTicks = startTicks;
    return `process ${this.#pid} (${name})`;
  }

  async read(elapsedSeconds: number): Promise<readonly Reading[]> {
    if (elapsedSeconds === 0) this.#counters.reset();
    const atSeconds = performance.now() / 1000;
    const { cpuTicks, majorFaults, startTicks } = await this.#stat();
    // The number was given to another process: its figures are not those of the application.
    if (startTicks !== this.#startTicks) throw ended(this.#pid);
    const folder = `/proc/${this.#pid}`;
    const [status, schedule, limits, open] = await Promise.all([
      readIfThere(`${folder}/status`), readIfThere(`${folder}/task/${this.#pid}/schedstat`), readIfThere(`${folder}/limits`), countFiles(`${folder}/fd`),
    ]);
    const counters = new Map<'cpuTicks' | 'waitNs' | 'majorFaults', number>([['cpuTicks', cpuTicks], ['majorFaults', majorFaults]]);
    const waitNs = schedule?.split(/\s+/)[1];
    if (waitNs !== undefined && waitNs !== '') counters.set('waitNs', Number(waitNs));
    const growth = this.#counters.advance(counters, atSeconds);
    const residentKb = parseFields(status ?? '').get('VmRSS');
    return [
      ...(residentKb === undefined ? [] : [{ metric: 'node.memory', value: residentKb * 1024 } as const]),
      { metric: 'node.open_files', value: (100 * open) / Number(/^Max open files +(\d+)/m.exec(limits ?? '')?.[1] ?? Number.NaN) },
      ...(growth === null ? [] : [
        { metric: 'node.cpu', value: (100 * growth.perSecond('cpuTicks')) / TICKS_PER_SECOND } as const,
        // NaN, and so dropped, where the kernel keeps no such statistics.
        { metric: 'node.run_queue_wait', value: growth.perSecond('waitNs') / 1e7 } as const,
        { metric: 'node.major_faults', value: growth.perSecond('majorFaults') } as const,
      ]),
    ];
  }

  async close(): Promise<void> {
    this.#counters.reset();
  }

  async #stat(): Promise<{ name: string; cpuTicks: number; majorFaults: number; startTicks: string }> {
    const text = await readIfThere(`/proc/${this.#pid}/stat`);
    if (text === null) throw ended(this.#pid);
    // The name stands in brackets and may hold brackets and blanks itself.
    const end = text.lastIndexOf(')');
    const fields = text.slice(end + 2).split(' ');
    return {
      name: text.slice(text.indexOf('(') + 1, end), cpuTicks: Number(fields[11]) + Number(fields[12]), majorFaults: Number(fields[9]), startTicks: fields[19] ?? '',
    };
  }
}

/** NaN where its files are not ours to see: those of another user. */
async function countFiles(folder: string): Promise<number> {
  return readdir(folder).then((files) => files.length, () => Number.NaN);
}

function ended(pid: string): ScaleplanError {
  return refused(`there is no process ${pid}, or it has ended`, 'Name the id of the application’s own process, not of the shell that started it.');
}

function refused(message: string, hint: string): ScaleplanError {
  return new ScaleplanError('probe-refused', message, { hint });
}
