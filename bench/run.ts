/**
 * `npm run bench [-- name…]`: what the measurement costs and how true it is, as Markdown tables on stdout and, between its marks, in
 * docs/measurements.md. Words behind a name choose a piece of it (`truth k6 gzip`), and the table keeps its other rows. Paired runs and
 * medians, because machines are noisy; every row says whether it is within its bound, or that the machine was too busy to tell.
 */
import { writeMeasurements } from './document.ts';
import { describeMachine } from './machine.ts';
import { asMarkdown, type Table } from './table.ts';

const BENCHES: Readonly<Record<string, (pieces: readonly string[]) => Promise<readonly Table[]>>> = {
  start: async () => [await (await import('./start-up.ts')).table()],
  cost: async (pieces) => (await import('./cost.ts')).tables(pieces),
  truth: async (pieces) => (await import('./truth.ts')).tables(pieces),
  'compare-simulated': async () => [(await import('./compare-simulated.ts')).simulated()],
  'compare-recorded': async () => (await import('./compare-runs.ts')).recorded(),
  'compare-fresh': async (pieces) => (await import('./compare-runs.ts')).fresh(pieces),
  'compare-duets': async (pieces) => (await import('./compare-duets.ts')).tables(pieces),
  probes: async () => (await import('./probes.ts')).tables(),
  forecast: async (pieces) => (await import('./forecast.ts')).tables(pieces),
  search: async () => (await import('./search.ts')).tables(),
  stress: async (pieces) => (await import('./stress.ts')).tables(pieces),
  diagnosis: async () => (await import('./diagnosis.ts')).tables(),
  'live-diagnosis': async (pieces) => (await import('./diagnosis.ts')).liveTables(pieces),
};

const wanted = process.argv.slice(2);
if (wanted[0] === 'record') {
  // No bench: it makes what `diagnosis` scores, and is asked for by name.
  await (await import('./situations/record.ts')).record(wanted.slice(1), (line) => console.log(line));
  process.exit();
}
const names = Object.keys(BENCHES).filter((name) => wanted.length === 0 || wanted.some((one) => name.startsWith(one)));
const pieces = wanted.filter((one) => !names.some((name) => name.startsWith(one)));
if (names.length === 0) {
  console.error(`There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
}
for (const name of names) {
  const tables = await BENCHES[name]?.(pieces) ?? [];
  const text = `${new Date().toISOString().slice(0, 10)}, ${describeMachine()}\n\n${tables.map(asMarkdown).join('\n')}`;
  console.log(text);
  await writeMeasurements(name, text);
}
