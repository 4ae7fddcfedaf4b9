import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';
import { add, AT } from './figures.ts';
import type { Figures } from './figures.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** Synchronous, though their names do not say so; `randomBytes` and its like are when they get no callback, and too short to matter. */
const OTHERS: readonly string[] = ['existsSync'];
/** Waits for nothing but memory. */
const HARMLESS: ReadonlySet<string> = new Set(['createHash', 'randomFillSync']);

/**
 * Counts the calls that hold the main thread until a file, a compression, a hash or another process is done, and how long they took; of
 * calls within calls the outer one. Files read whole are timed besides, however they are read.
 */
export function watchSync(figures: Figures): void {
  let depth = 0;
  const timed = (original: Callable, isRead: boolean): Callable => function timedSync(this: unknown, ...args: unknown[]) {
    if (depth > 0) return original.apply(this, args);
    depth += 1;
    const startedMs = performance.now();
    try {
      return original.apply(this, args);
    } finally {
      depth -= 1;
      const tookMs = performance.now() - startedMs;
      add(figures, AT.syncMs, tookMs);
      add(figures, AT.syncCount, 1);
      if (isRead) addRead(figures, tookMs);
    }
  };
  for (const library of [fs, zlib, crypto, childProcess]) {
    for (const name of [...Object.keys(library).filter((key) => key.endsWith('Sync') && !HARMLESS.has(key)), ...OTHERS]) {
      replace(library, name, (original) => timed(original, library === fs && name === 'readFileSync'));
    }
  }
  replace(fs, 'readFile', (original) => timedCallback(figures, original));
  replace(fs.promises, 'readFile', (original) => timedPromise(figures, original));
  // Without this `import { readFileSync } from 'node:fs'` would still get the original.
  syncBuiltinESMExports();
}

function timedCallback(figures: Figures, original: Callable): Callable {
  return function timedRead(this: unknown, ...args: unknown[]) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return original.apply(this, args);
    const startedMs = performance.now();
    const done = (...answer: unknown[]): unknown => {
      addRead(figures, performance.now() - startedMs);
      return Reflect.apply(callback, undefined, answer);
    };
    return original.apply(this, [...args.slice(0, -1), done]);
  };
}

function timedPromise(figures: Figures, original: Callable): Callable {
  return async function timedRead(this: unknown, ...args: unknown[]) {
    const startedMs = performance.now();
    try {
      return await original.apply(this, args);
    } finally {
      addRead(figures, performance.now() - startedMs);
    }
  };
}

function addRead(figures: Figures, tookMs: number): void {
  add(figures, AT.fileReadMs, tookMs);
  add(figures, AT.fileReadCount, 1);
}

/** Puts a function in the place of another, with everything that hangs on it: `realpathSync.native`, what `promisify` looks for. */
function replace(library: object, name: string, make: (original: Callable) => Callable): void {
  const descriptor = Object.getOwnPropertyDescriptor(library, name);
  const original: unknown = descriptor?.value;
  if (typeof original !== 'function' || descriptor?.writable !== true) return;
  const made = make(original as Callable);
  for (const key of Reflect.ownKeys(original)) {
    const own = Object.getOwnPropertyDescriptor(original, key);
    if (own !== undefined && key !== 'prototype') Reflect.defineProperty(made, key, own);
  }
  Reflect.set(library, name, made);
}
