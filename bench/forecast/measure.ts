import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../src/model/run.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { flagOf } from '../flags.ts';
import { nameMachine } from '../machine.ts';
import { emptyCache, findCacheTruth, ventureOf } from './cache-truth.ts';
import { CONFIGURATIONS, type Configuration } from './configuration.ts';
import { isKept, keep } from './recording.ts';
import { startSystem, type System } from './system.ts';
import { findTruth } from './truth.ts';

/** Shares of the breaking point that the light tests ask for. */
const SHARES = [0.24, 0.15] as const;
/** A quick test in two thirds of a minute: its unjudged stages are shorter than a user's. */
const LIGHT = { reference: 10, ramp: 2, 'warm-up': 2, sustain: 30 } as const;
/** The cache is looked at with few users at this rate. */
const CACHE_RATE = 14;
const CACHE_USERS = [30, 45] as const;
const ENGINE = '--engine';
const SCENARIO = join(import.meta.dirname, '../../scenarios/ventures/load.yml');

/**
 * `forecast measure [lights|edges] [name…] [--new] [--engine NAME]`: puts the loads on the applications and keeps what they showed: light tests, and where
 * it really breaks. Without `lights` or `edges` both. k6 leaves the two cores to the application; artillery takes most of one.
 */
export async function measure(args: readonly string[], say: (line: string) => void): Promise<void> {
  const [piece, names] = args[0] === 'lights' || args[0] === 'edges' ? [args[0], args.slice(1)] : [null, args];
  const engine = flagOf(ENGINE, names) ?? 'artillery';
  const wanted = names.filter((name) => !name.startsWith('--') && name !== engine);
  const chosen = CONFIGURATIONS.filter(({ name }) => wanted.length === 0 || wanted.some((one) => name.startsWith(one))).filter(({ name }) => !names.includes('--new') || !isKept(name));
  // One that fails must not cost the hour that the others take.
  for (const configuration of chosen) await measureOne(configuration, piece, engine, say).catch((error: unknown) => say(`  ${String(error)}`));
}

async function measureOne(configuration: Configuration, piece: string | null, engine: string, say: (line: string) => void): Promise<void> {
  say(configuration.name);
  const system = await startSystem(configuration, engine);
  try {
    const lights = piece === 'edges' ? {} : { lights: await lightRuns(configuration, system) };
    const truth = piece === 'lights' ? {} : { truth: configuration.kind === 'cache' ? await findCacheTruth(system) : await findTruth(configuration, system, say) };
    keep(configuration.name, { machine: nameMachine(), ...lights, ...truth });
    if (truth.truth !== undefined) say(`  breaks at ${truth.truth.at.toFixed(1)}`);
  } finally {
    await system.stop();
  }
}

async function lightRuns({ kind, near }: Configuration, system: System): Promise<Run[]> {
  const runs: Run[] = [];
  if (kind === 'cache') {
    for (const users of CACHE_USERS) {
      await emptyCache(system);
      runs.push(await withUsers(users, (scenario) => system.play(CACHE_RATE, LIGHT, scenario)));
    }
  } else for (const share of SHARES) runs.push(await system.play(near * share, LIGHT));
  return runs;
}

/** The plan's own scenario for so many users. */
async function withUsers<T>(users: number, use: (scenario: string) => Promise<T>): Promise<T> {
  const folder = await makeTempFolder('users');
  try {
    mkdirSync(folder.path, { recursive: true });
    writeFileSync(join(folder.path, 'users.csv'), ['userId,ventureId', ...Array.from({ length: users }, (_, at) => `${at + 1},${ventureOf(at + 1)}`)].join('\n'));
    writeFileSync(join(folder.path, 'load.yml'), readFileSync(SCENARIO));
    return await use(join(folder.path, 'load.yml'));
  } finally {
    await folder.dispose();
  }
}
