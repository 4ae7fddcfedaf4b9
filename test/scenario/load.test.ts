import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import type { Scenario } from '../../src/model/scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { refuseUnsupported } from '../../src/scenario/refuse-unsupported.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

async function load(text: string, name = 's.yml'): Promise<Scenario> {
  const file = join(folder, name);
  await writeFile(file, text);
  return loadScenario(file, { ROWS: 'rows', SECONDS: '30' });
}

const WHOLE = `
config:
  target: http://127.0.0.1:1
  http: {timeout: 5}
  defaults: {headers: {x-app: "1", authorization: "Bearer {{ $env.TOKEN }}"}}
  variables: {userId: [1, 2, 3], size: 10}
  payload: {path: "{{ $env.ROWS }}.csv", fields: [mail, word], order: sequence, skipHeader: true, delimiter: ";"}
  phases:
    - {duration: 60, arrivalRate: 10}
    - {duration: 2m, arrivalRate: 10, rampTo: 50}
    - {pause: "{{ $env.SECONDS }}"}
    - {duration: 10s, arrivalCount: 20}
  plugins: {expect: {}}
before:
  flow:
    - post: {url: /login, json: {mail: a}, capture: {json: $.token, as: token}}
scenarios:
  - name: browsing
    weight: 3
    flow:
      - get:
          name: list
          url: "/items?user={{ userId }}"
          qs: {size: "{{ size }}", page: 1}
          headers: {authorization: "{{ token }}"}
          cookie: {lang: de}
          capture:
            - {json: "$.items[0].id", as: id}
            - {header: etag, as: tag}
          expect: {statusCode: [200, 304], contentType: json, hasProperty: items}
      - think: 2
      - think: 500ms
      - loop:
          - get: {url: "/items/{{ id }}?n={{ $loopCount }}"}
        count: 4
      - log: "seen {{ id }} {{ $uuid }}"
  - flow:
      - put: {url: /a, body: "{{ word }}"}
      - patch: {url: /b, form: {mail: "{{ mail }}", n: 3}}
      - delete: {url: "/c/{{ $randomNumber(1, 9) }}", expect: [{statusCode: 204}]}
`;

test('every part of a script is read', async () => {
  await writeFile(join(folder, 'rows.csv'), 'mail;word\na;b\n');
  const scenario = await load(WHOLE);
  assert.equal(scenario.native, null);
  assert.deepEqual(scenario.unsupported, []);
  assert.equal(scenario.timeoutMs, 5000);
  assert.deepEqual(scenario.defaultHeaders, { 'x-app': '1', authorization: 'Bearer {{ $env.TOKEN }}' });
  assert.deepEqual(scenario.variables, { userId: [1, 2, 3], size: [10] });
  assert.deepEqual(scenario.payloads, [{ file: join(folder, 'rows.csv'), fields: ['mail', 'word'], order: 'sequence', skipHeader: true, delimiter: ';' }]);
  assert.deepEqual(scenario.phases, [
    { durationSeconds: 60, arrivalRate: 10, rampTo: null }, { durationSeconds: 120, arrivalRate: 10, rampTo: 50 },
    { durationSeconds: 30, arrivalRate: 0, rampTo: null }, { durationSeconds: 10, arrivalRate: 2, rampTo: null },
  ]);
  assert.equal(scenario.before.length, 1);
  const [browsing, second] = scenario.journeys;
  assert.deepEqual([browsing?.name, browsing?.weight, second?.name, second?.weight], ['browsing', 3, 'scenario 2', 1]);
  const [list, think, pause, loop, log] = browsing?.flow ?? [];
  const file = join(folder, 's.yml');
  assert.deepEqual(list, {
    type: 'request', name: 'list', method: 'GET', url: '/items?user={{ userId }}', qs: { size: '{{ size }}', page: '1' },
    headers: { authorization: '{{ token }}' }, cookie: { lang: 'de' }, body: null,
    captures: [{ kind: 'json', expression: '$.items[0].id', as: 'id' }, { kind: 'header', expression: 'etag', as: 'tag' }],
    expect: { statusCode: [200, 304], contentType: 'json', hasProperty: ['items'] }, place: { file, line: 21, column: 9 },
  });
  assert.deepEqual([think?.type === 'think' && think.seconds, pause?.type === 'think' && pause.seconds], [2, 0.5]);
  assert.ok(loop?.type === 'loop' && loop.count === 4 && loop.flow[0]?.type === 'request' && loop.flow[0].name === 'GET /items/{{ id }}?n={{ $loopCount }}');
  assert.equal(log?.type, 'log');
  assert.deepEqual(second?.flow.map((step) => step.type === 'request' && [step.method, step.body]), [
    ['PUT', { type: 'text', value: '{{ word }}' }], ['PATCH', { type: 'form', value: { mail: '{{ mail }}', n: '3' } }], ['DELETE', null],
  ]);
});

test('a script in JSON is read too', async () => {
  const scenario = await load(JSON.stringify({ config: { target: 'http://127.0.0.1' }, scenarios: [{ flow: [{ get: { url: '/' } }] }] }), 's.json');
  assert.equal(scenario.journeys[0]?.flow.length, 1);
});

function flow(...steps: readonly string[]): string {
  return `config: {target: "http://127.0.0.1"}\nscenarios:\n  - name: j\n    flow:\n${steps.map((step) => `      - ${step}\n`).join('')}`;
}

const wrong: readonly (readonly [title: string, text: string, ...lines: readonly string[]])[] = [
  ['no scenarios', 'config: {}\n', '1:1  a script needs `scenarios`, a list with at least one flow'],
  ['an empty list of scenarios', 'scenarios: []\n', '1:1  a script needs `scenarios`, a list with at least one flow'],
  ['a scenario without a flow', 'scenarios:\n  - name: j\n', '2:5  scenario "j" has no flow; expected a list of requests'],
  ['an empty flow', 'scenarios:\n  - flow: []\n', '2:5  scenario "scenario 1" has no flow; expected a list of requests'],
  ['a flow that is a map', 'scenarios:\n  - flow: {get: {url: /}}\n', '2:5  flow of scenario "scenario 1": expected a list, got a map'],
  ['a misspelt verb', flow('gte: {url: /}'), '5:9  unknown step "gte"; did you mean "get"?'],
  ['an unknown verb', flow('teleport: {url: /}'), '5:9  unknown step "teleport"; expected one of get, post, put, patch, delete, think, loop, log'],
  ['two verbs in one step', flow('{get: {url: /}, think: 1}'), '5:9  a step of scenario "j" says several things to do (get, think); expected one of get, post, put, patch, delete, think, loop, log'],
  ['a negative weight', 'scenarios:\n  - weight: -1\n    flow: [{get: {url: /}}, {get: {url: /}}]\n  - flow: [{get: {url: /}}]\n', '2:13  weight: expected a whole number, 0 or above, got -1'],
  ['a weight artillery would cut to 0', 'scenarios:\n  - weight: 0.5\n    flow: [{get: {url: /}}]\n  - flow: [{get: {url: /}}]\n', '2:13  weight: expected a whole number, 0 or above, got 0.5'],
  ['weights that are all 0', 'scenarios:\n  - weight: 0\n    flow: [{get: {url: /}}]\n', '1:1  every scenario has the weight 0; at least one must be above'],
  ['a request without a url', flow('get: {name: x}'), '5:9  get: has no url'],
  ['a misspelt url', flow('get: {ulr: /}'), '5:15  unknown key "ulr" in "get"; did you mean "url"?'],
  ['a url without a slash', flow('get: {url: items}'), '5:20  url: expected a path that begins with "/", got "items"'],
  ['a capture without a name', flow('get: {url: /, capture: {json: $.id}}'), '5:23  capture: has no name; expected "as: <variable>"'],
  ['a capture of nothing', flow('get: {url: /, capture: {as: id}}'), '5:23  capture of "id": expected one of json, header, regexp, got none'],
  ['a capture whose JSONPath has no root', flow('get: {url: /, capture: {json: items.id, as: id}}'), '5:39  capture of "id": expected a JSONPath that begins with "$", as in $.items[0].id, got "items.id"'],
  ['a capture used before it is made', flow('get: {url: "/{{ id }}"}', 'get: {url: /, capture: {json: $.id, as: id}}'), '5:20  {{ id }} is used before it is captured (line 6)'],
  ['an undefined variable', flow('get: {url: /, capture: {json: $.id, as: itemId}}', 'get: {url: "/{{ itemid }}"}'), '6:20  {{ itemid }} is not set by variables, payload or a capture; did you mean "itemId"?'],
  ['a variable of another journey', `${flow('get: {url: /, capture: {json: $.id, as: own}}')}  - flow:\n      - get: {url: "/{{ own }}"}\n`, '7:20  {{ own }} is not set by variables, payload or a capture'],
  ['a template that is never closed', flow('get: {url: "/{{ id"}'), '5:20  a template is opened by {{ and never closed by }}'],
  ['an unknown function', flow('get: {url: "/{{ $today() }}"}'), '5:20  $today() is not known; there are $randomNumber(from, to) and $randomString(length)'],
  ['a variable in the default headers, which artillery fills in too early', `config: {defaults: {headers: {a: "{{ userId }}"}}, variables: {userId: 1}}\nscenarios: [{flow: [{get: {url: /}}]}]\n`, '1:34  {{ userId }} is not set by variables, payload or a capture'],
  ['a loop without a count, which would never end', flow('loop: [{get: {url: /}}]'), '5:9  loop: expected a count of 1 or above, got nothing'],
  ['a think time that is none', flow('think: soon'), '5:16  think: expected seconds (think: 2) or a time with its unit (think: 500ms), got "soon"'],
  ['two bodies', flow('post: {url: /, json: {a: 1}, form: {b: 2}}'), '5:38  a request has one body; expected either json or form'],
  ['a status that is none', flow('get: {url: /, expect: {statusCode: ok}}'), '5:44  statusCode: expected a number from 100 to 599, got "ok"'],
  ['a payload that is missing', 'config: {payload: {path: rows.cvs, fields: [mail]}}\nscenarios: [{flow: [{get: {url: /}}]}]\n', `1:26  payload: no such file: FOLDER/rows.cvs; did you mean "rows.csv"?`],
  ['a payload with nothing below its header, of which artillery would send the word "undefined"', 'config: {payload: {path: rows.csv, fields: [mail], skipHeader: true}}\nscenarios: [{flow: [{get: {url: /}}]}]\n', '1:26  payload: no row below its header in FOLDER/rows.csv'],
  ['a misspelt key of config', 'config: {varaibles: {a: 1}}\nscenarios: [{flow: [{get: {url: /}}]}]\n', '1:10  unknown key "varaibles" in config; did you mean "variables"?'],
  ['a time-out of 0', 'config: {http: {timeout: 0}}\nscenarios: [{flow: [{get: {url: /}}]}]\n', '1:26  timeout: expected seconds above 0, got 0'],
  ['several faults at once, in order', flow('gte: {url: /}', 'get: {url: "/{{ nobody }}"}'), '5:9  unknown step "gte"; did you mean "get"?', '6:20  {{ nobody }} is not set by variables, payload or a capture'],
];

for (const [title, text, ...lines] of wrong) {
  test(`refused with its place: ${title}`, async () => {
    const message = lines.map((line) => `${join(folder, 's.yml')}:${line.replace('FOLDER', folder)}`).join('\n');
    await writeFile(join(folder, 'rows.csv'), 'a,b\n');
    await assert.rejects(load(text), { code: 'wrong-scenario', message });
  });
}

const beyond: readonly (readonly [title: string, text: string, what: string, place: string])[] = [
  ['a function', flow('function: f'), '"function" as a step', '5:9'],
  ['parallel steps', flow('parallel: [{get: {url: /}}]'), '"parallel" as a step', '5:9'],
  ['a hook of a request', flow('get: {url: /, beforeRequest: f}'), '"beforeRequest" of "get"', '5:23'],
  ['a condition', flow('get: {url: /, ifTrue: a}'), '"ifTrue" of "get"', '5:23'],
  ['a key artillery lets pass', flow('get: {url: /, zzzzzz: a}'), '"zzzzzz" of "get"', '5:23'],
  ['a loop over a list', flow('{loop: [{get: {url: /}}], over: ids}'), '"over" of a loop', '5:35'],
  ['a loop of a range', flow('{loop: [{get: {url: /}}], count: 1-5}'), 'a loop of 1-5 rounds', '5:35'],
  ['a fraction to think, which artillery reads as milliseconds', flow('think: 0.5'), 'think: 0.5, which artillery reads as milliseconds (write 500ms)', '5:9'],
  ['another host', flow('get: {url: "http://example.org/"}'), 'a whole address (http://example.org/) in place of a path at the target', '5:15'],
  ['a capture that may find nothing', flow('get: {url: /, capture: {json: $.a, as: a, strict: false}}'), '"strict" of a capture', '5:51'],
  ['an expectation of another kind', flow('get: {url: /, expect: {hasHeader: a}}'), '"hasHeader" of expect', '5:32'],
  ['TLS settings', 'config: {tls: {rejectUnauthorized: false}}\nscenarios: [{flow: [{get: {url: /}}]}]\n', '"tls" of config', '1:10'],
  ['a plugin', 'config: {plugins: {ensure: {}}}\nscenarios: [{flow: [{get: {url: /}}]}]\n', 'the plugin "ensure"', '1:20'],
  ['another engine of artillery', 'scenarios: [{engine: ws, flow: [{send: hello}]}]\n', '"engine" of scenario "scenario 1"', '1:14'],
];

for (const [title, text, what, place] of beyond) {
  test(`marked as artillery's own, not passed over: ${title}`, async () => {
    const { unsupported = [] } = await load(text);
    assert.deepEqual(unsupported.map((each) => [each.what, `${each.place.line}:${each.place.column}`]), [[what, place]]);
  });
}

test('every engine but artillery refuses what only artillery can do, all of it at once', async () => {
  const scenario = await load(flow('function: f', 'get: {url: /, ifTrue: a}'));
  const file = join(folder, 's.yml');
  refuseUnsupported(scenario, 'artillery');
  for (const engine of ['autocannon', 'k6'] as const) {
    const message = `${file}:5:9  ${engine} cannot express "function" as a step\n${file}:6:23  ${engine} cannot express "ifTrue" of "get"`;
    assert.throws(() => refuseUnsupported(scenario, engine), { code: 'engine-cannot', message, place: { file, line: 5, column: 9 } });
  }
});

test('a program runs on its own engine alone', async () => {
  const scenario = await load("import http from 'k6/http';\n", 'k.js');
  refuseUnsupported(scenario, 'k6');
  assert.throws(() => refuseUnsupported(scenario, 'artillery'), { code: 'engine-cannot', message: /k\.js: it is a k6 script, which artillery cannot run/ });
});

test('a script with a processor runs on artillery alone, its requests are counted', async () => {
  const scenario = await load('config: {processor: ./p.js}\nscenarios: [{flow: [{function: f}, {get: {url: "/{{ fromFunction }}"}}]}]\n');
  assert.deepEqual(scenario.native, { engine: 'artillery', reason: 'it has a processor (./p.js)' });
  assert.equal(scenario.journeys[0]?.flow.length, 1);
});

test('programs are told apart by what they import', async () => {
  assert.equal((await load("import http from 'k6/http';\nexport default () => http.get('/');\n", 'k.js')).native?.engine, 'k6');
  assert.equal((await load("import { sleep } from 'k6';\n", 'k.ts')).native?.engine, 'k6');
  assert.equal((await load('export const scenarios = [];\n', 'a.ts')).native?.engine, 'artillery');
});

test('a file of another kind, a folder and a missing file are refused', async () => {
  await mkdir(join(folder, 'folder.yml'), { recursive: true });
  await assert.rejects(load('x', 's.txt'), { code: 'wrong-scenario', message: /a scenario is an Artillery script/ });
  await assert.rejects(loadScenario(join(folder, 'folder.yml')), { code: 'wrong-scenario', message: /is a folder/ });
  await assert.rejects(loadScenario(join(folder, 'nowhere.yml')), { code: 'wrong-scenario', message: /no such file/ });
});

test('ten thousand requests are read within two seconds', async () => {
  const text = flow(...Array.from({ length: 10_000 }, (_, index) => `get: {url: "/${index}"}`));
  const took: number[] = [];
  // The best of three: other work on the machine is not what is measured.
  while (took.length < 3) {
    const startedAt = performance.now();
    const scenario = await load(text);
    took.push(performance.now() - startedAt);
    assert.equal(scenario.journeys[0]?.flow.length, 10_000);
  }
  assert.ok(Math.min(...took) < 2000, `took ${took.join(', ')} ms`);
});
