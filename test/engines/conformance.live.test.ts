import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missingK6 } from './k6/built.ts';
import { CROWD, ERRORS, REQUESTS, ROWS } from './conformance/scenarios.ts';
import { AUTOCANNON, K6, REFERENCE, USERS, play, type Files, type Played } from './conformance/subjects.ts';
import { transcriptsOf } from './conformance/transcript.ts';

const noK6 = await missingK6();

/** The same file on every engine at once, each with a server of its own; artillery's, the reference, is the first. */
async function playOnAll(files: Files, ratePerSec: number): Promise<readonly [Played, ...Played[]]> {
  const others = [AUTOCANNON, ...(noK6 === false ? K6 : [])];
  const [reference, ...rest] = await Promise.all([REFERENCE, ...others].map((subject) => play(subject, files, { ratePerSec, seconds: 2 })));
  assert.ok(reference !== undefined);
  return [reference, ...rest];
}

test('k6 is among the engines that are compared', { skip: noK6 }, () => {});

describe('every kind of request', async () => {
  const [reference, ...others] = await playOnAll(REQUESTS, 4);
  const [wanted = []] = transcriptsOf(reference.record, reference.target);

  test('artillery itself sends it as written, the same for every user', () => {
    const sent = transcriptsOf(reference.record, reference.target);
    assert.equal(sent.length, 8);
    for (const one of sent) assert.deepEqual(one, wanted);
    assert.equal(wanted.length, 38, 'with loops written out and redirects followed');
    assert.match(wanted[1] ?? '', /^GET \/query\?user=<user>&q=a\+b%26c%3Dd%27%C3%A9%2F%C3%BC%7E%21\*%28%29&n=5\n/);
    assert.deepEqual(reference.measured.errors, {});
  });

  for (const { subject, record, target, measured } of others) {
    test(`${subject.name}: method, address, headers, cookies and body are artillery’s, request by request`, () => {
      const sent = transcriptsOf(record, target);
      assert.deepEqual(measured.errors, {});
      assert.ok(sent.length >= USERS, `${sent.length} users`);
      for (const one of sent) one.forEach((line, at) => assert.equal(line, wanted[at]));
      const cut = sent.filter(({ length }) => length < wanted.length).length;
      assert.ok(cut <= (subject.model === 'open' ? 0 : USERS), `${cut} journeys were cut short`);
    });
  }

  for (const { subject, record } of [reference, ...others]) {
    test(`${subject.name}: a user keeps its connection, also behind an empty answer and a redirect`, () => {
      const users = Map.groupBy(record, ({ user }) => user);
      const connections = new Set(record.map(({ connection }) => connection)).size;
      const fewest = subject.model === 'open' ? users.size : USERS;
      // Go gives a connection up that a machine without a core to spare has not written to for 50 ms.
      const spare = subject.engine.name === 'k6' ? 2 : 0;
      assert.ok(connections >= fewest && connections <= fewest + spare, `${connections} connections, ${users.size} journeys`);
    });
  }
});

/** How every request of a step ends, whichever engine sends it. */
const ENDINGS: Readonly<Record<string, string>> = {
  'GET /begin': '200', 'not found': '404 http-4xx', broken: '503 http-5xx', behind: '200', 'not modified': '304', 'behind 304': '200',
  expected: '404', 'other status': '200 expect', 'no json': '200 expect', json: '200', 'no property': '200 expect',
  'nothing in JSON': '200 capture', 'no JSON': '200 capture', 'an empty text': '200 capture', 'a null': '200', 'behind a null': '200',
  'no header': '200 capture', 'no match': '200 capture', 'hung up': 'closed', circle: 'expect', away: '302 expect',
};

describe('answers that are no success', async () => {
  const [reference, ...others] = await playOnAll(ERRORS, 80);
  const journeysOf = ({ record, target }: Played): string[] => [...new Set(transcriptsOf(record, target).map((one) => one.join('\n\n')))].sort();

  for (const played of [reference, ...others]) {
    test(`${played.subject.name}: each is an error of its own kind, of its step`, () => {
      const found: Record<string, Set<string>> = {};
      for (const { step, requests, errors, statuses } of played.measured.rows) {
        const kinds = Object.entries(errors);
        const failed = kinds.reduce((sum, [, count]) => sum + count, 0);
        // All requests of a step end alike. A status that redirects end with is only known where a last answer was seen.
        const said = [...(step === 'circle' ? [] : Object.keys(statuses)), ...kinds.map(([kind]) => kind)].join(' ');
        (found[step] ??= new Set()).add(failed === 0 || failed === requests ? said : `${failed} of ${requests}: ${said}`);
      }
      assert.deepEqual(Object.fromEntries(Object.entries(found).map(([step, endings]) => [step, [...endings].join(' or ')])), ENDINGS);
    });
  }

  for (const { subject, log } of [reference, ...others]) {
    test(`${subject.name}: the first answer in which a step's capture found nothing is described in the log`, () => {
      for (const step of ['nothing in JSON', 'no header', 'no match']) {
        assert.match(log, new RegExp(`the capture of \\\\?"value\\\\?" in the step \\\\?"${step}\\\\?" found nothing in an answer with status 200, application/json`));
      }
      assert.ok(!log.includes('hello'), 'its form, not its content');
    });
  }

  for (const played of others) {
    test(`${played.subject.name}: it goes on, or ends the journey, where artillery does`, () => {
      const [wanted, all] = [journeysOf(reference), journeysOf(played)];
      // In the closed model the last journey of a user may be cut short.
      const found = all.filter((one) => wanted.includes(one) || played.subject.model === 'open' || !wanted.some((whole) => whole.startsWith(`${one}\n`)));
      assert.deepEqual(found, wanted);
    });
  }
});

describe('a crowd of users', async () => {
  const everybody = await playOnAll(CROWD, 60);
  for (const { subject, record, measured } of everybody) {
    const used = record.filter(({ url }) => url.startsWith('/use/')).map(({ url }) => url.split('/').slice(2));
    const column = (at: number): string[] => used.map((cells) => cells[at] ?? '');

    test(`${subject.name}: "before" comes first and once, and everybody has the token it captured`, () => {
      assert.deepEqual(measured.errors, {});
      assert.deepEqual(record.filter(({ url }) => url === '/log-in').map(({ method, body }) => `${method} ${body}`), ['POST {"name":"load"}']);
      assert.equal(record[0]?.url, '/log-in');
      for (const { url, headers } of record.slice(1)) assert.equal(headers['authorization'], 'Bearer token-of-before', url);
      assert.ok(measured.rows.every(({ step }) => step !== 'POST /log-in'), 'it is not measured');
    });

    test(`${subject.name}: rows in sequence come each once before any is repeated, from the first on; rows and values by chance all come`, () => {
      const rows = column(1);
      assert.ok(rows.length >= 12 && rows.length < ROWS, `${rows.length} users`);
      assert.equal(new Set(rows).size, rows.length, 'no row came twice');
      // Not all rows come, so those that did are the first ones; artillery spends one on each of the four weights.
      const last = Math.max(...rows.map((row) => Number(row.slice(1))));
      assert.ok(last < 1.5 * rows.length + 20, `row ${last} came, with ${rows.length} users`);
      const few = Map.groupBy(column(2), (cell) => cell);
      const counts = ['f0', 'f1', 'f2'].map((cell) => few.get(cell)?.length ?? 0);
      assert.ok(few.size === 3 && Math.max(...counts) - Math.min(...counts) <= 2, counts.join(' '));
      for (const at of [3, 4]) assert.equal(new Set(column(at)).size, 3);
    });

    test(`${subject.name}: journeys come by their weights, and one without weight never`, () => {
      const journeys = column(0);
      for (const [name, share] of [['often', 0.6], ['sometimes', 0.3], ['rarely', 0.1]] as const) {
        const count = journeys.filter((one) => one === name).length;
        // Chance leaves it this far in all but one of 100,000 runs; users that think come round less often at the end of a load.
        const reach = 4.4 * Math.sqrt(journeys.length * share * (1 - share)) + USERS;
        assert.ok(Math.abs(count - share * journeys.length) <= reach, `${name}: ${count} of ${journeys.length}`);
      }
      assert.ok(!journeys.includes('never'));
    });

    test(`${subject.name}: think time is ${subject.name === 'autocannon' ? 'left out, which its page says' : 'taken'}`, () => {
      const gaps = [...Map.groupBy(record, ({ user }) => user).values()].flatMap((requests) => {
        const at = requests.findIndex(({ url }) => url.startsWith('/use/sometimes/'));
        const [before, behind] = [requests[at], requests[at + 1]];
        return at < 0 || before === undefined || behind === undefined ? [] : [behind.arrivedAtMs - before.answeredAtMs];
      }).sort((a, b) => a - b);
      // The shortest: a busy machine makes gaps longer, and nothing makes them shorter.
      const [least = Number.NaN] = gaps;
      if (subject.name === 'autocannon') assert.ok(least < 150, `${least} ms`);
      else assert.ok(least >= 295 && least < 800, `${least} ms`);
    });
  }
});
