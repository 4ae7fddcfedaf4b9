/** Rate of an engine under scaleplan against the bare engine, in pairs ABBA, both counted by the server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCEPT_ENCODING } from '../src/engines/accept-encoding.ts';
import { autocannon } from '../src/engines/autocannon/driver.ts';
import type { Engine } from '../src/engines/engine.ts';
import { usableK6 } from '../src/engines/k6/binary.ts';
import { k6 } from '../src/engines/k6/driver.ts';
import { spawnChild, type Child } from '../src/process/child.ts';
import { load, stage } from '../test/engines/autocannon/measure.ts';
import { rateAt, startCountingServer } from './counting.ts';
import { measurePairs, ratiosOf, sayPairs, type Pairs } from './pairs.ts';
import { daysOf, isChosen, readResults } from './results.ts';
import { median, type Table } from './table.ts';

const BENCH = 'cost-rate';
const USERS = 20;
const SECONDS = 4;
/** Beyond what is counted: from the start of a process to its first requests, and the run-up. */
const SPARE_SECONDS = 3;
const ROUNDS = 4;

interface Subject {
  readonly name: string;
  readonly engine: Engine;
  /** What must be reached of the bare engine's rate; null: for comparison alone. */
  readonly wanted: number | null;
  /** The bare engine with as many users, for long enough. */
  readonly startBare: (url: string, folder: string) => Promise<Child>;
}

const SUBJECTS: readonly Subject[] = [
  {
    name: 'autocannon', engine: autocannon, wanted: 0.98,
    startBare: async (url) => spawnChild(process.execPath, [fileURLToPath(new URL('autocannon-bare.ts', import.meta.url)), url, String(USERS), String(SECONDS + SPARE_SECONDS)], { name: 'autocannon' }),
  },
  // The same request as ours, whose header and time-out are what any scenario has.
  { name: 'k6', engine: k6, wanted: 0.97, startBare: (url, folder) => startBareK6(url, folder, `, ${JSON.stringify({ headers: { 'Accept-Encoding': ACCEPT_ENCODING }, timeout: 5000 })}`) },
  { name: 'k6 that only has an address', engine: k6, wanted: null, startBare: (url, folder) => startBareK6(url, folder, '') },
];

async function startBareK6(url: string, folder: string, parameters: string): Promise<Child> {
  const script = join(folder, 'bare.js');
  await writeFile(script, `import http from 'k6/http';\nexport const options = { vus: ${USERS}, duration: '${SECONDS + SPARE_SECONDS}s', discardResponseBodies: true };\nexport default function () { http.get('${url}/'${parameters}); }\n`);
  return spawnChild(await usableK6(), ['run', '--quiet', '--no-usage-report', script], { name: 'k6', readLines: false });
}

export async function rateTable(pieces: readonly string[]): Promise<Table> {
  for (const subject of SUBJECTS) {
    const key = keyOf(subject);
    if (!isChosen(key, pieces)) continue;
    const check = await subject.engine.check();
    if (!check.usable) console.error(`${key}: ${check.reason}`);
    else await measurePairs(BENCH, { key, rounds: ROUNDS, pieces, bare: () => bareRate(subject), ours: () => ourRate(subject) });
  }
  const kept = await readResults<Pairs>(BENCH);
  return {
    title: `Requests a second against the bare engine, ${USERS} users, flat out${daysOf(kept)}`,
    head: ['engine', 'bare', 'scaleplan', 'ratio: median of pairs', 'middle half', 'CPUs busy', 'wanted'],
    rows: SUBJECTS.flatMap((subject) => kept.filter(({ key }) => key === keyOf(subject)).map((pairs) => rowOf(subject, pairs))),
  };
}

function keyOf({ name }: Subject): string {
  return `rate ${name}`;
}

function rowOf({ name, wanted }: Subject, pairs: Pairs): string[] {
  const ratios = ratiosOf(pairs);
  return [
    name, `${Math.round(median(pairs.bare))}/s`, `${Math.round(median(pairs.ours))}/s`, ...sayPairs(ratios, (ratio) => ratio.toFixed(3)),
    `${Math.round(pairs.busy * 100)} %`, wanted === null ? '' : `≥ ${wanted}: ${median(ratios) >= wanted ? 'within' : 'OUTSIDE'}`,
  ];
}

async function bareRate({ startBare }: Subject): Promise<number> {
  await using server = await startCountingServer();
  const folder = await mkdtemp(join(tmpdir(), 'bare-'));
  const child = await startBare(server.url, folder);
  try {
    return await rateAt(server, SECONDS);
  } finally {
    await child.stop(0);
    await rm(folder, { recursive: true, force: true });
  }
}

async function ourRate({ engine }: Subject): Promise<number> {
  await using server = await startCountingServer();
  const workDir = await mkdtemp(join(tmpdir(), 'ours-'));
  const stopping = new AbortController();
  const asked = load(server.url, { workDir, shape: { model: 'closed', stages: [stage(USERS, SECONDS + SPARE_SECONDS)] } });
  const running = (async () => {
    for await (const interval of engine.run(asked, stopping.signal)) void interval;
  })();
  try {
    return await rateAt(server, SECONDS);
  } finally {
    stopping.abort();
    await running;
    await rm(workDir, { recursive: true, force: true });
  }
}
