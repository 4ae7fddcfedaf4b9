import { join } from 'node:path';
import type { Child } from '../process/child.ts';
import { entryPoint } from './entry-point.ts';
import { launch } from './servers/server.ts';

/** Stops one thing that was started. */
export type Stop = () => Promise<void>;

export interface ProcessRequest {
  /** What messages and the log file call it. */
  readonly name: string;
  /** Path of the entry point from this folder, without extension; it prints `ready` once it can work. */
  readonly entry: `./${string}`;
  /** The environment variable its settings come in, and the settings, passed as JSON. */
  readonly variable: string;
  readonly settings: unknown;
  readonly logFolder: string;
  /** For Node itself, before the entry point: the size of its heap, say. */
  readonly nodeFlags?: readonly string[];
  /** One that it had before; absent: any free one. */
  readonly port?: number;
}

export interface LaunchedProcess {
  readonly pid: number;
  readonly port: number;
  /** Settles when it ends, asked or not. */
  readonly exited: Promise<unknown>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** A process of the application: told its port as first argument and its settings as JSON, asked to go by SIGTERM. */
export async function launchProcess(request: ProcessRequest, stops: Stop[]): Promise<LaunchedProcess> {
  const started = launch({
    name: request.name,
    ...(request.port === undefined ? {} : { port: request.port }),
    command: process.execPath,
    args: (port) => [...(request.nodeFlags ?? []), entryPoint(request.entry), String(port)],
    env: { [request.variable]: JSON.stringify(request.settings), NODE_OPTIONS: undefined },
    isReady: async (_port, child) => child.stderrTail().includes('ready'),
    stopSignal: 'SIGTERM',
    logFile: join(request.logFolder, `${request.name}.log`),
  });
  const { child, port } = await entered(started, stops);
  return { pid: child.pid, port, exited: child.exited, kill: () => crash(child) };
}

/** Ends a process without giving it time for anything, as a crash would. */
async function crash(child: Child): Promise<void> {
  child.signal('SIGKILL');
  await child.exited;
}

/** What was started, its stop written down. */
export async function entered<T extends { stop(): Promise<void> }>(starting: Promise<T>, stops: Stop[]): Promise<T> {
  const started = await starting;
  stops.push(() => started.stop());
  return started;
}

/** Like Promise.all, but a failure is told only once nothing is being started any more: else something could be left running. */
export async function all<T extends readonly unknown[]>(promises: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as T;
}
