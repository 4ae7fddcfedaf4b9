import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { versions } from 'node:process';
import type { EngineCheck } from '../engine.ts';

/** What artillery 2.0.34 asks for in its package.json. */
const OLDEST_NODE = [22, 18] as const;

export type Installed = { readonly bin: string; readonly version: string } | { readonly reason: string; readonly hint: string };

/** Finds the artillery that belongs to us: an optional dependency, left out without a word where its install failed. */
export async function findArtillery(nodeVersion: string = versions.node, from: string = import.meta.url): Promise<Installed> {
  if (isOlder(nodeVersion)) {
    return {
      reason: `artillery needs Node ${OLDEST_NODE.join('.')} or newer, this is Node ${nodeVersion}`,
      hint: 'Install a newer Node, then: npm install artillery',
    };
  }
  try {
    const file = createRequire(from).resolve('artillery/package.json');
    const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string }; // a package.json always has it
    return { bin: join(dirname(file), 'bin', 'run'), version };
  } catch {
    return { reason: 'artillery is not installed: it is an optional dependency and was left out', hint: 'npm install artillery' };
  }
}

export async function checkArtillery(): Promise<EngineCheck> {
  const found = await findArtillery();
  return 'bin' in found ? { usable: true, version: found.version } : { usable: false, ...found };
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}
