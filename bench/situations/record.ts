import { cpus } from 'node:os';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { SITUATIONS } from './catalogue.ts';
import { play, type Played } from './play.ts';
import { isKept, keep, readRecording, type Recording, type RecordingFile } from './recording.ts';
import type { Situation } from './situation.ts';
import { keyOf, startSystem, type System } from './system.ts';

/**
 * Puts real load on real servers for each situation that is named (`cache*`: all whose names begin so), and keeps the runs.
 * `--new`: only those that have no recording; `--for SECONDS`: begins no other after so long.
 */
export async function record(args: readonly string[], say: (line: string) => void): Promise<void> {
  const at = args.indexOf('--for');
  const forSeconds = at < 0 ? Infinity : Number(args[at + 1]);
  const named = situationsNamed(args.filter((one, index) => !one.startsWith('--') && (at < 0 || index !== at + 1)));
  await performAll(named.filter(({ name }) => !args.includes('--new') || !isKept(name)), { say, forSeconds }, async (situation, played) => {
    // Whatever else is true of it, a generator without CPU is what is wrong then.
    if (played.spoiledBy !== null && !situation.label.includes('generator')) return say(`  not kept: ${played.spoiledBy}`);
    const { bytes } = keep(played.folder, aboutOf(situation, played));
    say(`  kept (${Math.round(bytes / 1000)} kB)`);
  });
}

/** The same, for somebody who wants to see it now: nothing is kept. */
export async function recordLive(names: readonly string[], say: (line: string) => void): Promise<Recording[]> {
  const seen: Recording[] = [];
  await performAll(situationsNamed(names), { say, forSeconds: Infinity }, async (situation, played) => {
    seen.push(await readRecording(played.folder, aboutOf(situation, played)));
  });
  return seen;
}

function situationsNamed(wanted: readonly string[]): Situation[] {
  const isWanted = (name: string): boolean => wanted.some((one) => name === one || (one.endsWith('*') && name.startsWith(one.slice(0, -1))));
  const named = SITUATIONS.filter(({ name }) => wanted.length === 0 || isWanted(name));
  if (named.length === 0) throw new Error(`There are: ${SITUATIONS.map(({ name }) => name).join(', ')}.`);
  return named;
}

interface Performing {
  readonly say: (line: string) => void;
  readonly forSeconds: number;
}

/** Situations of the same system are performed on it one after the other; one that fails is said, and left out. */
async function performAll(situations: readonly Situation[], { say, forSeconds }: Performing, onPlayed: (situation: Situation, played: Played) => Promise<void>): Promise<void> {
  const until = performance.now() + 1000 * forSeconds;
  let system: { key: string; system: System } | null = null;
  try {
    for (const [index, situation] of situations.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b))).entries()) {
      if (performance.now() > until) break;
      say(`${index + 1} of ${situations.length}: ${situation.name}`);
      if (system?.key !== keyOf(situation)) {
        await system?.system.stop();
        system = null;
        system = { key: keyOf(situation), system: await startSystem(situation) };
      }
      await perform(situation, system.system, onPlayed).catch((error: unknown) => say(`  ${String(error)}`));
    }
  } finally {
    await system?.system.stop();
  }
}

async function perform(situation: Situation, system: System, onPlayed: (situation: Situation, played: Played) => Promise<void>): Promise<void> {
  const folder = await makeTempFolder('recording');
  try {
    await onPlayed(situation, await play(situation, system, folder.path));
  } finally {
    await folder.dispose();
  }
}

function aboutOf({ name, label, because }: Situation, { startedAtMs, feltAtMs }: Played): Omit<RecordingFile, 'files'> {
  return {
    name, label: [...label], because,
    onsetSecond: feltAtMs === null ? null : Math.round((feltAtMs - startedAtMs) / 1000),
    recordedAt: new Date(startedAtMs).toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
  };
}
