import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { startDemo, type Demo } from '../../src/demo/start.ts';
import { findPhase } from '../../src/plan/resolve.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { freePort } from '../../src/process/free-port.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import type { Situation } from './situation.ts';
import { NOTES_VARIABLE, writeStrain, type Strain } from './strain.ts';

/** What a process of the application was told: where its servers are. */
const noteSchema = z.object({ entry: z.string(), settings: z.looseObject({
  databaseUrl: z.string().nullish(), cacheUrl: z.string().nullish(), queueUrl: z.string().nullish(), vectorUrl: z.string().nullish(),
  collection: z.string().optional(), replicaUrls: z.array(z.string()).optional(),
}) });
type Addresses = z.infer<typeof noteSchema>['settings'];

/** How a program between clients and application holds things up. */
export interface Way {
  /** Each piece of an answer is held back for so long. */
  delayMs: number;
  /** Answers pass at this rate, all of them together; null: as they come. */
  bytesPerSec: number | null;
}

/** A reference application with its servers, and everything a fault may get at. */
export interface System {
  readonly demo: Demo;
  /** What clients use. */
  readonly url: string;
  readonly probes: Demo['probes'];
  readonly addresses: Addresses;
  readonly way: Way;
  /** Strains every process that answers requests. */
  readonly strain: (strain: Strain) => void;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const PRELOAD = join(ROOT, 'src/probes/preload/preload.ts');
const PLAIN_NODE = process.execPath;

/** What differs between two systems that one after the other can be used for situations; what does not can share one. */
export function keyOf({ application, phase, demo, settings, nodeFlags, isProxied, isPreloaded }: Situation): string {
  return JSON.stringify([application, phase, demo ?? null, settings ?? null, nodeFlags ?? null, isProxied ?? false, isPreloaded ?? false]);
}

export async function startSystem({ application, phase, demo: bottleneck, settings, nodeFlags = '', isProxied, isPreloaded }: Situation): Promise<System> {
  const folder = await makeTempFolder('situation');
  const notes = join(folder.path, 'notes');
  await mkdir(notes);
  writeFileSync(join(notes, 'settings'), JSON.stringify(settings ?? {}));
  const undo = preloadInto(notes, isPreloaded === true ? `${nodeFlags} --import "${PRELOAD}"` : nodeFlags);
  try {
    const { architecture } = findPhase(await loadPlan(application, { cwd: ROOT }), phase);
    const demo = await startDemo({ application, bottleneck: bottleneck ?? null, architecture: architecture ?? null, folder: folder.path, logFolder: folder.path, report: () => {} });
    const told = notesIn(notes);
    const way: Way = { delayMs: 0, bytesPerSec: null };
    const proxy = isProxied === true ? await startProxy(Number(new URL(demo.url).port), way) : null;
    return {
      demo, way, url: proxy?.url ?? demo.url,
      probes: isPreloaded === true ? demo.probes.map((probe) => (probe.kind === 'node' ? { kind: 'node', address: pageIn(folder.path) } : probe)) : demo.probes,
      addresses: told.find(({ entry }) => entry.includes('main'))?.settings ?? {},
      strain: (strain) => {
        for (const { pid, entry } of told) if (entry.includes('main')) writeStrain(notes, pid, strain);
      },
      async stop() {
        proxy?.server.close();
        await demo.stop();
        await folder.dispose();
      },
    };
  } catch (error) {
    await folder.dispose();
    throw error;
  } finally {
    undo();
  }
}

/** The applications start their processes with the program that runs us: for that time it is one that loads our preload first. */
function preloadInto(notes: string, nodeFlags: string): () => void {
  const file = join(notes, 'node');
  writeFileSync(file, `#!/bin/sh\nexec "${PLAIN_NODE}" ${nodeFlags} --import "${join(import.meta.dirname, 'preload.ts')}" "$@"\n`);
  chmodSync(file, 0o755);
  process.execPath = file;
  process.env[NOTES_VARIABLE] = notes;
  return () => {
    process.execPath = PLAIN_NODE;
    delete process.env[NOTES_VARIABLE];
  };
}

/** Where scaleplan's preload serves its page, as it says when it starts. */
function pageIn(logFolder: string): string {
  const log = readdirSync(logFolder).filter((name) => /^app.*\.log$/.test(name)).sort()[0] ?? 'app.log';
  const found = /http:\S+\/metrics/.exec(readFileSync(join(logFolder, log), 'utf8'))?.[0];
  if (found === undefined) throw new Error('the preload has not said where its page is');
  return found;
}

function notesIn(folder: string): { pid: number; entry: string; settings: Addresses }[] {
  return readdirSync(folder).filter((name) => name.endsWith('.settings')).map((name) => ({
    pid: Number.parseInt(name, 10), ...noteSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  }));
}

/** Passes bytes on, as the way is at that moment; order is kept. */
async function startProxy(port: number, way: Way): Promise<{ server: Server; url: string }> {
  let freeAtMs = 0;
  const server = createServer((client) => {
    const application = connect({ host: '127.0.0.1', port, noDelay: true });
    let lastAtMs = 0;
    client.setNoDelay(true);
    client.on('data', (piece) => void application.write(piece));
    application.on('data', (piece) => {
      const now = performance.now();
      if (way.bytesPerSec !== null) freeAtMs = Math.max(freeAtMs, now) + (1000 * piece.length) / way.bytesPerSec;
      lastAtMs = Math.max(lastAtMs, now + way.delayMs, way.bytesPerSec === null ? 0 : freeAtMs);
      setTimeout(() => void (client.destroyed || client.write(piece)), lastAtMs - now);
    });
    for (const [one, other] of [[client, application], [application, client]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => setTimeout(() => other.end(), Math.max(0, lastAtMs - performance.now())));
    }
  });
  const own = await freePort();
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${own}` };
}
