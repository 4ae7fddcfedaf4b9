import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AfterReading } from '../../../src/engines/autocannon/after-reading.ts';
import { ON_BODY, ON_HEADERS_COMPLETE, ON_MESSAGE_COMPLETE, type Parser } from '../../../src/engines/autocannon/client.ts';

/** A parser that writes down what it is given; what begins with "?" is no HTTP. */
function parserInto(log: string[]): Parser {
  return {
    state: '', [ON_HEADERS_COMPLETE]() {}, [ON_BODY]() {}, [ON_MESSAGE_COMPLETE]() {}, reinitialize() {}, finish() {},
    execute(chunk) {
      log.push(chunk.toString());
      return chunk.toString().startsWith('?') ? new Error('Parse Error') : chunk.length;
    },
  };
}

test('answers that come together are all read before the first is parsed, then parsed in their order', async () => {
  const log: string[] = [];
  const [one, other] = [parserInto(log), parserInto(log)];
  const readers = [one, other].map((parser) => new AfterReading(parser, () => false, () => {}));
  one.execute(Buffer.from('one'));
  other.execute(Buffer.from('other'));
  one.execute(Buffer.from('rest of one'));
  assert.deepEqual(log, []);
  await turn();
  assert.deepEqual(log, ['one', 'rest of one', 'other']);
  for (const reader of readers) reader.parseNow();
  assert.equal(log.length, 3, 'nothing is parsed twice');
});

test('what came before the end of a connection is parsed at its end, once', async () => {
  const log: string[] = [];
  const parser = parserInto(log);
  const unparsed = new AfterReading(parser, () => false, () => {});
  parser.execute(Buffer.from('last'));
  unparsed.parseNow();
  assert.deepEqual(log, ['last']);
  await turn();
  assert.deepEqual(log, ['last']);
});

test('an answer that is no HTTP is told, and nothing more is parsed of a connection that was given up for it', async () => {
  const log: string[] = [];
  const parser = parserInto(log);
  let failures = 0;
  const unparsed = new AfterReading(parser, () => failures > 0, () => { failures += 1; });
  parser.execute(Buffer.from('?'));
  parser.execute(Buffer.from('behind it'));
  unparsed.parseNow();
  await turn();
  assert.deepEqual([log, failures], [['?'], 1]);
});
