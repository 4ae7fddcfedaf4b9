/**
 * `npm run bench [-- name…]`: what the measurement costs and how true it is, as Markdown tables on stdout.
 * Paired runs and medians, because machines are noisy; every row says whether it is within its bound.
 */
import { availableParallelism, cpus } from 'node:os';
import { versions } from 'node:process';

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const BENCHES: Readonly<Record<string, () => Promise<Table>>> = {
  start: async () => (await import('./start-up.ts')).table(),
  rate: async () => (await import('./autocannon-rate.ts')).table(),
  cost: async () => (await import('./artillery-cost.ts')).table(),
  'truth-autocannon': async () => (await import('./autocannon-truth.ts')).table(),
  'truth-artillery': async () => (await import('./artillery-truth.ts')).table(),
  'compare-simulated': async () => (await import('./compare.ts')).simulated(),
  'compare-runs': async () => (await import('./compare.ts')).runs(),
  'compare-duets': async () => (await import('./compare.ts')).duets(),
  'truth-k6': async () => (await import('./k6-truth.ts')).table(),
};

const wanted = process.argv.slice(2);
const names = Object.keys(BENCHES).filter((name) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)));
if (names.length === 0) {
  console.error(`There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${versions.node}`);
for (const name of names) print(await BENCHES[name]?.() ?? { title: name, head: [], rows: [] });

function print({ title, head, rows }: Table): void {
  console.log(`\n### ${title}\n`);
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}
