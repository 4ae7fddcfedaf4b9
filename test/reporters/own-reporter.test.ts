import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Chalk } from 'chalk';
import { deliver } from '../../src/cli/deliver.ts';
import { ScaleplanError } from '../../src/errors.ts';
import { reportersNamed } from '../../src/reporters/registry.ts';
import { recordingHost } from '../cli/recording-host.ts';
import { sampleReport } from './sample-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaleplan-reporter-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const options = { chalk: new Chalk({ level: 0 }), columns: 80 };

function put(name: string, text: string): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return `./${name}`;
}

const fails = async (names: readonly string[], code: string, message: RegExp): Promise<void> => {
  await assert.rejects(reportersNamed(names, folder), (error) => error instanceof ScaleplanError && error.code === code && message.test(`${error.message} ${error.hint ?? ''}`));
};

/** The first block of JavaScript in the documentation that exports a reporter: what a reader would copy. */
function exampleOfTheDocs(): string {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reporters.md'), 'utf8');
  const blocks = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
  return blocks.find((code) => code.includes('export default')) ?? assert.fail('no example in docs/reporters.md');
}

test('the example of the documentation works as it stands', async () => {
  const [reporter] = await reportersNamed([put('slow-requests.js', exampleOfTheDocs())], folder);
  assert.equal(reporter?.fileName, 'slowest.tsv');
  const text = await reporter?.render(sampleReport('failed'), options);
  assert.ok(typeof text === 'string');
  assert.match(text, /^journey\tstep\tp95 ms\n/);
  assert.match(text, /\ndashboard\tfinance-summary\t\d{3}\n/);
});

test('a module may export a list, be TypeScript, or name its export "reporter"', async () => {
  const list = put('list.mjs', "export default [{ name: 'a', fileName: 'a.txt', render: () => 'A' }, { name: 'b', fileName: null, render: async () => 'B' }];");
  const typed = put('typed.ts', "import type { Reporter } from 'scaleplan';\nexport const reporter: Reporter = { name: 'c', fileName: 'c.txt', render: (report) => report.run.id };");
  const reporters = await reportersNamed([list, typed, 'json'], folder);
  assert.deepEqual(reporters.map(({ name }) => name), ['a', 'b', 'c', 'json']);
  assert.equal(await reporters[2]?.render(sampleReport('passed'), options), sampleReport('passed').run.id);
});

test('an installed package is found from the working directory', async () => {
  put('node_modules/their-reporter/package.json', '{"name": "their-reporter", "type": "module", "exports": "./index.js"}');
  put('node_modules/their-reporter/index.js', "export default { name: 'theirs', fileName: 'theirs.txt', render: () => '' };");
  assert.deepEqual((await reportersNamed(['their-reporter'], folder)).map(({ name }) => name), ['theirs']);
});

test('what is neither a reporter nor a package is unknown, with the nearest name', async () => {
  await fails(['junti'], 'unknown-name', /no reporter "junti"/);
  await fails(['htlm'], 'unknown-name', /Did you mean "html"\?/);
});

test('a module that cannot be loaded, or exports no reporter, says why', async () => {
  await fails(['./missing.js'], 'reporter-failed', /missing\.js.*cannot be loaded/);
  await fails([put('broken.js', 'export default {')], 'reporter-failed', /broken\.js.*cannot be loaded/);
  await fails([put('empty.mjs', 'export const other = 1;')], 'reporter-failed', /empty\.mjs/);
  await fails([put('nameless.mjs', "export default { fileName: 'x', render: () => '' };")], 'reporter-failed', /name/);
  await fails([put('mute.mjs', "export default { name: 'x', fileName: 'x' };")], 'reporter-failed', /render: must be a function/);
});

test('trap: a report must not take the place of the facts, nor leave the folder', async () => {
  for (const name of ['run.json', 'intervals.ndjson', '../x', 'logs/x', '..']) {
    await fails([put(`bad-${name.replaceAll(/\W/g, '-')}.mjs`, `export default { name: 'x', fileName: ${JSON.stringify(name)}, render: () => '' };`)], 'reporter-failed', /fileName: must/);
  }
});

test('a reporter that breaks keeps none of the others from writing, and its fault has its name on it', async () => {
  const breaks = put('breaks.mjs', "export default { name: 'x', fileName: 'x.txt', render: (report) => report.nothing.here };");
  const mute = put('says-nothing.mjs', "export default { name: 'y', fileName: 'y.txt', render: () => undefined };");
  const reporters = await reportersNamed([breaks, mute, 'terminal', 'csv'], folder);
  const { host, out } = recordingHost();
  const written: string[] = [];
  await assert.rejects(deliver(sampleReport('passed'), reporters, { write: (name) => void written.push(name) }, host), /reporter \.\/breaks\.mjs failed: Cannot read/);
  assert.deepEqual(written, ['run.json', 'summary.csv', 'timeseries.csv']);
  assert.match(out(), /PASS/);
});
