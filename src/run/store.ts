import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ScaleplanError } from '../errors.ts';
import type { Interval } from '../model/interval.ts';
import type { Run } from '../model/run.ts';
import type { Sample } from '../model/sample.ts';
import { makeFolder } from '../process/make-folder.ts';

/** The facts of a run without its series: what run.json holds under `facts`. */
export type RunFacts = Omit<Run, 'steps' | 'samples'> & { readonly steps: readonly Omit<Run['steps'][number], 'intervals'>[] };

/** Where one run is written, second by second, so that a crash loses at most one. */
export interface RunFolder {
  readonly id: string;
  readonly path: string;
  readonly logs: string;
  appendInterval(step: number, interval: Interval): void;
  appendSamples(samples: readonly Sample[]): void;
  /** Replaces a file of the folder as a whole; a text too large for one string comes in pieces. */
  write(name: string, text: string | Iterable<string>): void;
  close(): void;
}

/** Throws `output-not-writable` before any server is started or any load is sent, rather than after minutes of it. */
export function assertWritable(output: string): void {
  guardWrites(output, () => {
    makeFolder(output);
    const probe = join(output, `.scaleplan-${randomBytes(4).toString('hex')}`);
    writeFileSync(probe, 'x'.repeat(4096));
    rmSync(probe);
  });
}

/**
 * Makes `<output>/<UTC time>-<plan>-phase<n>-<id>/`.
 * Throws `output-not-writable`.
 */
export function createRunFolder(output: string, plan: string, phase: string, startedAtMs: number): RunFolder {
  const id = runId(plan, phase, startedAtMs);
  const path = join(output, id);
  const logs = join(path, 'logs');
  const files = guardWrites(output, () => {
    makeFolder(logs);
    return { intervals: openSync(join(path, 'intervals.ndjson'), 'a'), samples: openSync(join(path, 'samples.ndjson'), 'a') };
  });
  return {
    id, path, logs,
    appendInterval: (step, interval) => guardWrites(path, () => writeSync(files.intervals, `${JSON.stringify({ step, ...interval })}\n`)),
    appendSamples: (samples) => {
      if (samples.length === 0) return;
      guardWrites(path, () => writeSync(files.samples, samples.map((sample) => `${JSON.stringify(sample)}\n`).join('')));
    },
    write: (name, text) => writeWhole(join(path, name), text),
    close: () => {
      closeSync(files.intervals);
      closeSync(files.samples);
    },
  };
}

/** Throws `output-not-writable`. */
export function writeWhole(file: string, text: string | Iterable<string>): void {
  guardWrites(file, () => {
    if (typeof text === 'string') return writeFileSync(file, text);
    const to = openSync(file, 'w');
    try {
      for (const piece of text) writeFileSync(to, piece);
    } finally {
      closeSync(to);
    }
  });
}

/** Sorts by time in any listing; the random end keeps two runs of one second apart. */
function runId(plan: string, phase: string, startedAtMs: number): string {
  const time = new Date(startedAtMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z');
  return `${time}-${plan}-phase${phase}-${randomBytes(2).toString('hex')}`;
}

function guardWrites<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScaleplanError('output-not-writable', `Cannot write the run to ${path}: ${reason}.`, {
      hint: 'Name a writable folder with room: --output <dir>.', cause,
    });
  }
}
