import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileScenario } from '../../../src/engines/k6/compile.ts';
import type { Response, Tools } from '../../../src/engines/k6/script/k6.ts';
import { createRunner } from '../../../src/engines/k6/script/runner.ts';
import { ACCEPT_ENCODING } from '../../../src/engines/accept-encoding.ts';
import type { EngineLoad } from '../../../src/engines/engine.ts';
import { journey, load, request, scenario } from '../autocannon/measure.ts';

interface Played {
  readonly sent: { readonly slot: number; readonly method: string; readonly url: string; readonly body: string | null; readonly headers: Readonly<Record<string, string>>; readonly wantsBody: boolean }[];
  readonly done: string[];
  readonly blamed: (readonly [number, string])[];
  readonly slept: number[];
  readonly failed: string[];
  readonly cookies: string[];
}

/** Lets one virtual user of the script go round, with answers of our own in place of k6 and its network. */
function play(change: Partial<EngineLoad>, rounds: number, answer: (url: string) => Partial<Response>, isOver: () => boolean = () => false): Played {
  const { program } = compileScenario(load('http://127.0.0.1:20000/base/', change));
  const played: Played = { sent: [], done: [], blamed: [], slept: [], failed: [], cookies: [] };
  let turn = 0;
  let status = 0;
  const ask = (slot: number, prepared: object): Response | null => {
    if (isOver()) return null;
    const request = prepared as Omit<Played['sent'][number], 'slot'>; // as `prepare` below made it
    played.sent.push({ slot, ...request });
    return { status: 200, body: '', headers: {}, ...answer(request.url) };
  };
  const done = (kind: string): string => {
    played.done.push(kind);
    return kind;
  };
  const tools: Tools = {
    env: { SCALEPLAN_HEADER_0: 'Bearer x' },
    sleep: (seconds) => played.slept.push(seconds),
    note: () => {},
    http: {
      cookieJar: () => ({ set: (_url, name, value) => void played.cookies.push(`${name}=${value}`), clear: () => void played.cookies.push('cleared') }),
    },
    scaleplan: {
      arrive: () => (isOver() ? -1 : turn++),
      row: (_payload, at) => [`row${at}`],
      prepare: (method, url, body, { headers, wantsBody }) => ({ method, url, body, headers, wantsBody }),
      ask,
      play(slot, prepared) {
        const response = ask(slot, prepared);
        if (response === null) return 'over';
        status = response.status;
        return done(status === 0 ? 'closed' : status >= 500 ? 'http-5xx' : status >= 400 ? 'http-4xx' : '');
      },
      status: () => status,
      done,
      blame: (index, kind) => played.blamed.push([index, kind]),
      fail: (reason) => played.failed.push(reason),
    },
  };
  const runner = createRunner(program, tools);
  const shared = runner.setUp();
  for (let round = 0; round < rounds; round += 1) runner.round(shared);
  return played;
}

test('weights hold after few journeys and at any time', () => {
  const journeys = [journey('a', [request('/a')], 6), journey('b', [request('/b')], 3), journey('c', [request('/c')], 1), journey('none', [request('/none')], 0)];
  const { sent } = play({ scenario: scenario({ journeys }) }, 1000, () => ({}));
  for (const upTo of [20, 100, 1000]) {
    for (const [path, share] of [['/a', 0.6], ['/b', 0.3], ['/c', 0.1], ['/none', 0]] as const) {
      const count = sent.slice(0, upTo).filter(({ url }) => url.endsWith(path)).length;
      assert.ok(Math.abs(count - share * upTo) <= 2, `${path}: ${count} of ${upTo}`);
    }
  }
});

test('the target’s path comes before a step’s; headers of ours win, the step’s come next; framing is left to k6; a body is read only where it is needed', () => {
  const flow = [
    request('/a b?x={{ $randomNumber(1, 1) }}', { headers: { AUTHORIZATION: 'theirs', Accept: 'step', 'Content-Length': '9' } }),
    request('/c', { captures: [{ kind: 'header', expression: 'x-a', as: 'a' }] }),
    request('/d', { captures: [{ kind: 'regexp', expression: '.', as: 'd' }] }),
  ];
  const { sent } = play({ headers: { authorization: 'x' }, scenario: scenario({ journeys: [journey('j', flow)], defaultHeaders: { accept: 'default', 'X-D': 'd' } }) }, 1, () => ({ headers: { 'X-A': '1' }, body: 'z' }));
  assert.deepEqual(sent.map(({ url, wantsBody }) => [url, wantsBody]), [
    ['http://127.0.0.1:20000/base/a%20b?x=1', false], ['http://127.0.0.1:20000/base/c', false], ['http://127.0.0.1:20000/base/d', true],
  ]);
  assert.deepEqual(sent[0]?.headers, { 'Accept-Encoding': ACCEPT_ENCODING, Accept: 'step', 'X-D': 'd', authorization: 'Bearer x' });
});

test('no answer and a capture without a find end the journey; an error status alone does not', () => {
  const flow = [request('/500'), request('/lost'), request('/never')];
  const lost = play({ scenario: scenario({ journeys: [journey('j', flow)] }) }, 1, (url) => ({ status: url.endsWith('/500') ? 500 : 0 }));
  assert.deepEqual(lost.sent.map(({ url }) => url.split('/').at(-1)), ['500', 'lost']);
  assert.deepEqual(lost.done, ['http-5xx', 'closed']);
  const capture = [request('/a', { captures: [{ kind: 'json', expression: '$.id', as: 'id' }] }), request('/{{ id }}')];
  assert.deepEqual(play({ scenario: scenario({ journeys: [journey('j', capture)] }) }, 1, () => ({ body: '{"id":7}' })).sent.at(-1)?.url, 'http://127.0.0.1:20000/base/7');
  assert.deepEqual(play({ scenario: scenario({ journeys: [journey('j', capture)] }) }, 1, () => ({ body: '{}' })).done, ['capture']);
});

test('nothing is sent once the load is over', () => {
  let sends = 0;
  const { sent } = play({ scenario: scenario({ journeys: [journey('j', [request('/a'), request('/b')])] }) }, 3, () => {
    sends += 1;
    return {};
  }, () => sends >= 3);
  assert.equal(sent.length, 3);
});

test('a user’s variables: the scenario’s own win over a payload’s row, a capture of before is there for all', () => {
  const before = [request('/log-in', { captures: [{ kind: 'json', expression: '$.token', as: 'token' }] })];
  const payloads = [{ file: '/x.csv', fields: ['user'], order: 'sequence', skipHeader: false, delimiter: ',' }] as const;
  const { sent } = play({ scenario: scenario({ before, payloads, variables: { list: ['only'] }, journeys: [journey('j', [request('/{{ user }}/{{ list }}/{{ token }}/{{ $uuid }}')])] }) }, 2, () => ({ body: '{"token":"t"}' }));
  assert.deepEqual(sent.map(({ slot }) => slot), [-1, 0, 0]);
  assert.match(sent[1]?.url ?? '', /\/row0\/only\/t\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(sent[2]?.url ?? '', /\/row1\/only\/t\//);
});

test('an endpoint behind no capture keeps its session until something goes wrong; its set-up is blamed on it', () => {
  let isDown = false;
  const flow = [request('/session'), { type: 'think', seconds: 9, place: request('/').place } as const, request('/me', { name: 'me', cookie: { c: '1' } })];
  let answers = 0;
  const played = play({ scenario: scenario({ journeys: [journey('j', flow)] }), endpoint: { journey: 'j', step: 'me' } }, 8, (url) => {
    answers += 1;
    isDown = answers === 5 || answers === 6;
    return { status: isDown ? 503 : 200, body: url };
  });
  assert.deepEqual(played.sent.map(({ slot }) => slot), [-1, 0, 0, 0, 0, -1, -1, 0, 0, 0]);
  assert.deepEqual(played.blamed, [[0, 'http-5xx']]);
  assert.deepEqual(played.slept, [], 'an endpoint alone has no think time');
});
