/** Rate of the autocannon engine against bare autocannon, in pairs ABBA. `node bench/autocannon-rate.ts` prints it. */
import { spawnChild, type Child } from '../src/process/child.ts';
import { freePort } from '../src/process/free-port.ts';
import { load, measure, stage } from '../test/engines/autocannon/measure.ts';
import { fileURLToPath } from 'node:url';

/** What the engine must reach of bare autocannon's rate. */
const WANTED_RATIO = 0.97;
const CONNECTIONS = 20;
const SECONDS = 4;
const ROUNDS = 4;

export interface RateResult {
  readonly barePerSec: number;
  readonly oursPerSec: number;
  /** Median of the paired ratios. */
  readonly ratio: number;
  readonly ratios: readonly number[];
  readonly isEnough: boolean;
}

export async function run(): Promise<RateResult> {
  const port = await freePort();
  const server = start('autocannon-server.ts', String(port));
  try {
    await firstLine(server);
    const url = `http://127.0.0.1:${port}`;
    const bare: number[] = [];
    const ours: number[] = [];
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const isBareFirst = round % 2 === 0;
      const first = isBareFirst ? await rateOfBare(url) : await rateOfOurs(url);
      const second = isBareFirst ? await rateOfOurs(url) : await rateOfBare(url);
      const [a, b] = isBareFirst ? [first, second] : [second, first];
      bare.push(a);
      ours.push(b);
      ratios.push(b / a);
    }
    const ratio = median(ratios);
    return { barePerSec: median(bare), oursPerSec: median(ours), ratio, ratios, isEnough: ratio >= WANTED_RATIO };
  } finally {
    await server.stop(1000);
  }
}

async function rateOfBare(url: string): Promise<number> {
  const child = start('autocannon-bare.ts', url, String(CONNECTIONS), String(SECONDS));
  const line = await firstLine(child);
  await child.stop(1000);
  return Number(line);
}

/** Whole seconds only, as the report counts them. */
async function rateOfOurs(url: string): Promise<number> {
  const measured = await measure(load(url, { shape: { model: 'closed', stages: [stage(CONNECTIONS, SECONDS)] } }));
  const whole = measured.intervals.slice(0, SECONDS);
  const requests = whole.flatMap(({ rows }) => rows).reduce((sum, row) => sum + row.requests, 0);
  return requests / whole.length;
}

function start(script: string, ...args: string[]): Child {
  return spawnChild(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], { name: script });
}

async function firstLine(child: Child): Promise<string> {
  const line = await child.lines[Symbol.asyncIterator]().next();
  if (line.done === true) throw new Error(`a process of the bench ended early: ${child.stderrTail()}`);
  return line.value;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}

/** For `npm run bench`. */
export async function table(): Promise<{ title: string; head: string[]; rows: string[][] }> {
  const { barePerSec, oursPerSec, ratio, ratios, isEnough } = await run();
  return {
    title: 'Rate of the autocannon path against bare autocannon',
    head: ['bare', 'ours', 'ratio (median of pairs)', 'pairs', `≥ ${WANTED_RATIO}`],
    rows: [[`${Math.round(barePerSec)}/s`, `${Math.round(oursPerSec)}/s`, ratio.toFixed(3), ratios.map((each) => each.toFixed(3)).join(' '), isEnough ? 'within' : 'OUTSIDE']],
  };
}
