import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import type { Configuration } from '../../src/config/configuration.ts';
import { loadConfiguration } from '../../src/config/load.ts';

let top = '';
let cwd = '';
before(async () => {
  top = await mkdtemp(join(tmpdir(), 'config-'));
  cwd = join(top, 'a', 'b');
  await mkdir(cwd, { recursive: true });
});
after(async () => {
  await rm(top, { recursive: true });
});

async function load(text: string | null, env: Readonly<Record<string, string>> = {}): Promise<Configuration> {
  const file = join(top, 'scaleplan.config.yaml');
  if (text === null) await rm(file, { force: true });
  else await writeFile(file, text);
  return loadConfiguration({ cwd, env });
}

test('without a file and variables the defaults hold', async () => {
  assert.deepEqual(await load(null), {
    file: null, plan: null, phase: null, target: null, suites: null, scenarios: null, engine: null, profile: 'quick', probes: [], metricNames: {},
    headers: {}, experiments: {}, allowedTargets: [], output: join(cwd, 'reports'), reporters: null, baseline: null, acceptNoise: false,
  });
});

test('a file is found upwards, and its paths are relative to it', async () => {
  const found = await load(`
plan: plans/own.yaml
phase: 2
target: http://127.0.0.1:3000
suites: [load]
scenarios: [flows/own.yml, dashboard]
engine: artillery
profile: documented
probes:
  redis: redis://h:1
  node: [http://h:2/metrics, http://h:3/metrics]
  process: 123
metricNames: {db_pool_waiting: postgres.pool_waiting}
headers: {x-tenant: 7}
experiments: {kill: {begin: docker kill shop, lasts: 2m, expect: [http.error_rate < 1 %]}}
allowedTargets: [staging.example.org]
output: out
reporters: [html, csv]
baseline: main
acceptNoise: true
`);
  assert.deepEqual(found, {
    file: join(top, 'scaleplan.config.yaml'), plan: join(top, 'plans/own.yaml'), phase: '2', target: 'http://127.0.0.1:3000', suites: ['load'],
    scenarios: [join(top, 'flows/own.yml'), 'dashboard'], engine: 'artillery', profile: 'documented',
    probes: [
      { kind: 'redis', address: 'redis://h:1' }, { kind: 'node', address: 'http://h:2/metrics' }, { kind: 'node', address: 'http://h:3/metrics' },
      { kind: 'process', address: '123' },
    ],
    metricNames: { db_pool_waiting: 'postgres.pool_waiting' }, headers: { 'x-tenant': '7' }, experiments: { kill: { begin: 'docker kill shop', end: null, lasts: 120, expect: ['http.error_rate < 1 %'] } }, allowedTargets: ['staging.example.org'],
    output: join(top, 'out'), reporters: ['html', 'csv'], baseline: 'main', acceptNoise: true,
  });
});

test('probes may be written as behind --probe', async () => {
  const { probes } = await load('probes: ["redis=redis://:pw@h:1?db=2", host=local]\n');
  assert.deepEqual(probes, [{ kind: 'redis', address: 'redis://:pw@h:1?db=2' }, { kind: 'host', address: 'local' }]);
});

test('a file that holds comments alone changes nothing', async () => {
  assert.equal((await load('# plan: own\n')).plan, null);
});

test('the environment wins over the file, an empty variable does not', async () => {
  const env = {
    SCALEPLAN_PLAN: 'exchange', SCALEPLAN_TARGET: 'http://10.0.0.1', SCALEPLAN_OUTPUT: 'elsewhere', SCALEPLAN_REPORTERS: 'json, csv', SCALEPLAN_ENGINE: '',
    SCALEPLAN_PROBES: 'redis=redis://a:1 host=local', SCALEPLAN_ACCEPT_NOISE: '1', SCALEPLAN_BASELINE: 'reports/x',
  };
  const found = await load('plan: walls\nengine: k6\ntarget: http://127.0.0.1\noutput: out\n', env);
  assert.deepEqual(
    [found.plan, found.target, found.output, found.reporters, found.engine, found.probes.length, found.acceptNoise, found.baseline],
    ['exchange', 'http://10.0.0.1', join(cwd, 'elsewhere'), ['json', 'csv'], 'k6', 2, true, join(cwd, 'reports/x')],
  );
});

test('${NAME} is expanded in URLs and headers, and nowhere else', async () => {
  const env = { HOST: 'example', PW: 'hunter22' };
  const found = await load('plan: "${HOST}"\ntarget: "http://${HOST}:1"\nprobes: {redis: "redis://:${PW}@${HOST}"}\nheaders: {a: "Bearer ${PW}", b: "$${PW}"}\n', env);
  assert.deepEqual([found.plan, found.target, found.probes[0]?.address], ['${HOST}', 'http://example:1', 'redis://:hunter22@example']);
  assert.deepEqual(found.headers, { a: 'Bearer hunter22', b: '${PW}' });
});

const wrong: readonly (readonly [title: string, text: string, ...lines: readonly string[]])[] = [
  ['an unknown key', 'traget: http://h\n', '1:1  unknown key "traget"; did you mean "target"?'],
  ['an unknown probe', 'probes: {reddis: redis://h}\n', '1:10  probes: unknown key "reddis"; did you mean "redis"?'],
  ['an unknown suite', 'suites: [laod]\n', '1:10  suites[0]: expected one of "unit", "integration", "load", "stress", got "laod"; did you mean "load"?'],
  ['a target that is no URL', 'target: localhost\n', '1:9  target: must be an http or https URL, as in http://127.0.0.1:3000'],
  ['a probe in a list without its kind', 'probes: ["redis://:hunter22@h"]\n', '1:10  probes[0]: must be <kind>=<address> with a kind out of postgres, pgbouncer, redis, bullmq, qdrant, node, host, process, prometheus, browser'],
  ['probes that are neither map nor list', 'probes: redis://:hunter22@h\n', '1:9  probes: expected a map or a list, got "redis://:***@h"'],
  ['variables that are not set', 'target: "http://${HOSTT}"\nheaders: {a: "${NOWHERE}"}\n',
    '1:9  target: the environment variable HOSTT is not set; did you mean "HOST"?', '2:14  headers.a: the environment variable NOWHERE is not set'],
  ['a scheme in the allowed targets', 'allowedTargets: ["https://h"]\n', '1:18  allowedTargets[0]: expected a host name, without scheme and path, got "https://h"'],
  ['a file of another shape', '- a\n', '1:1  expected a map, got a list of 1'],
];

for (const [title, text, ...lines] of wrong) {
  test(`refused with its place: ${title}`, async () => {
    const file = join(top, 'scaleplan.config.yaml');
    await assert.rejects(load(text, { HOST: 'h' }), { code: 'wrong-configuration', message: lines.map((line) => `${file}:${line}`).join('\n') });
  });
}

for (const [env, message] of [
  [{ SCALEPLAN_TRAGET: 'x' }, 'unknown environment variable SCALEPLAN_TRAGET; did you mean "SCALEPLAN_TARGET"?'],
  [{ SCALEPLAN_ENGINE: 'k7' }, 'SCALEPLAN_ENGINE: expected one of autocannon, artillery, k6, got "k7"; did you mean "k6"?'],
  [{ SCALEPLAN_TARGET: 'u:hunter22@h' }, 'SCALEPLAN_TARGET must be an http or https URL, as in http://127.0.0.1:3000'],
  [{ SCALEPLAN_PROBES: 'redis://:hunter22@h' }, 'SCALEPLAN_PROBES: expected <kind>=<address>, parted by blanks, as in redis=redis://127.0.0.1:6379'],
] as const) {
  test(`refused by its name: ${Object.keys(env).join('')}`, async () => {
    await assert.rejects(load(null, env), { code: 'wrong-configuration', message });
  });
}

test('a variable that is like none of ours is left alone', async () => {
  assert.equal((await load(null, { SCALEPLAN_HOME: '/x' })).plan, null);
});

test('a reporter of one’s own is a file beside the configuration, or a package', async () => {
  const { reporters } = await load('reporters: [html, ./reporters/own.js, their-reporter, "@team/reporter"]\n');
  assert.deepEqual(reporters, ['html', join(top, 'reporters/own.js'), 'their-reporter', '@team/reporter']);
});
