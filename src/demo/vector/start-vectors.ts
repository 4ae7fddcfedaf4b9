import { randomBytes } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { freePort } from '../../process/free-port.ts';
import { entryPoint } from '../entry-point.ts';
import { launch } from '../servers/server.ts';

export interface VectorServer {
  readonly url: string;
  /** For people: what it was. */
  readonly version: string;
  /** Null for one that was there before us. */
  readonly pid: number | null;
  /** A name nobody else uses, for a server that is shared with others. */
  readonly collection: string;
  /** True where the collection must be deleted because the server lives on. */
  readonly isForeign: boolean;
  stop(): Promise<void>;
}

export interface VectorOptions {
  readonly dir: string;
  readonly logFile: string;
  /** Not null: the built-in service, because nobody's Qdrant can be given a slow volume from outside. */
  readonly diskBytesPerSec: number | null;
  readonly environment: NodeJS.ProcessEnv;
}

/** The Qdrant that QDRANT_URL names, else the one on the PATH, else the built-in service. Throws `server-failed`. */
export async function startVectors(options: VectorOptions): Promise<VectorServer> {
  const collection = `ventures_${randomBytes(4).toString('hex')}`;
  const { QDRANT_URL, PATH } = options.environment;
  if (options.diskBytesPerSec === null && QDRANT_URL) {
    const url = QDRANT_URL.replace(/\/+$/, '');
    return { url, version: `Qdrant at ${new URL(url).host}`, pid: null, collection, isForeign: true, stop: async () => {} };
  }
  const command = options.diskBytesPerSec === null ? await onPath('qdrant', PATH ?? '') : null;
  const { child, port, stop } = command ? await launchQdrant(command, options) : await launchBuiltIn(options);
  const version = command ? 'Qdrant' : 'built-in vector service (speaks Qdrant 1.19)';
  return { url: `http://127.0.0.1:${port}`, version, pid: child.pid, collection, isForeign: false, stop };
}

function launchBuiltIn({ dir, logFile, diskBytesPerSec }: VectorOptions): ReturnType<typeof launch> {
  return launch({
    name: 'vector service',
    command: process.execPath,
    args: (port) => [entryPoint('./vector/main'), String(port), dir, ...(diskBytesPerSec === null ? [] : [String(diskBytesPerSec)])],
    isReady: async (_port, child) => child.stderrTail().includes('ready'),
    stopSignal: 'SIGTERM',
    logFile,
  });
}

async function launchQdrant(command: string, { dir, logFile }: VectorOptions): ReturnType<typeof launch> {
  const folder = join(dir, 'qdrant');
  await mkdir(folder, { recursive: true });
  const grpcPort = await freePort();
  return launch({
    name: 'Qdrant',
    // Qdrant takes its port from the environment alone, and `launch` tells it only in the arguments.
    command: '/usr/bin/env',
    args: (port) => [`QDRANT__SERVICE__HTTP_PORT=${port}`, command],
    env: {
      QDRANT__SERVICE__HOST: '127.0.0.1', QDRANT__SERVICE__GRPC_PORT: String(grpcPort), QDRANT__TELEMETRY_DISABLED: 'true',
      QDRANT__STORAGE__STORAGE_PATH: join(folder, 'storage'), QDRANT__STORAGE__SNAPSHOTS_PATH: join(folder, 'snapshots'),
    },
    isReady: async (port) => fetch(`http://127.0.0.1:${port}/readyz`).then((response) => response.ok, () => false),
    stopSignal: 'SIGTERM',
    logFile,
    cwd: folder,
  });
}

async function onPath(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    if (folder !== '' && (await access(file, constants.X_OK).then(() => true, () => false))) return file;
  }
  return null;
}
