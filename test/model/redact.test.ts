import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isSecretName, redact } from '../../src/model/redact.ts';

const table: readonly (readonly [text: string, clean: string])[] = [
  ['postgres://app:hunter22@db:5432/shop', 'postgres://app:***@db:5432/shop'],
  ['redis://:hunter22@cache:6379/0', 'redis://:***@cache:6379/0'],
  ['http://s3cr3tkey@host/metrics', 'http://***@host/metrics'],
  ['postgres://app:p@ss:w@db/x and more', 'postgres://app:***@db/x and more'],
  ['cannot reach "amqp://u:hunter22@h"', 'cannot reach "amqp://u:***@h"'],
  ['http://host/metrics?api_key=hunter22&page=2', 'http://host/metrics?api_key=***&page=2'],
  ['http://host/a?access_token=hunter22#x', 'http://host/a?access_token=***#x'],
  ['host=db user=app password=hunter22 port=5432', 'host=db user=app password=*** port=5432'],
  ['Authorization: Bearer hunter22hunter22', 'Authorization: Bearer ***'],
  ['authorization: Basic dXNlcjpodW50ZXIyMg==', 'authorization: Basic ***'],
  ['authorization: hunter22', 'authorization: ***'],
  ['Cookie: session=hunter22; theme=dark', 'Cookie: ***'],
  ['set-cookie: sid=hunter22; HttpOnly\nage: 3', 'set-cookie: ***\nage: 3'],
  ['x-api-key: hunter22', 'x-api-key: ***'],
  ['{"password":"hunter22","user":"app"}', '{"password":"***","user":"app"}'],
  ['sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.hunter22sig away', 'sent *** away'],
  ['note: db_pass=hunter22', 'note: db_pass=***'],
  ['key AKIAABCDEFGHIJKLMNOP', 'key ***'],
];

for (const [text, clean] of table) {
  test(`taken out of a text: ${text.split('\n')[0]}`, () => {
    const once = redact(text);
    assert.equal(once, clean);
    assert.equal(redact(once), once, 'a second time it changes nothing');
  });
}

for (const text of [
  'http.p95{journey=dashboard} < 500 ms', 'GET /api/contents?ventureId=3&page=2', 'http://127.0.0.1:3000/metrics', 'scenarios/a@b/c.yml:3:4',
  'tokensPerSecond: 5', 'verdicts pass: 3, fail: 1', 'the key "rat" stands here a second time', 'pool waiting 45 for 58 s', 'milestone hit: database connections',
]) {
  test(`left as it is: ${text}`, () => assert.equal(redact(text), text));
}

test('secrets are taken out of maps and lists at any depth, everything else stays', () => {
  const value = {
    target: 'http://u:hunter22@h/', headers: { Authorization: 'hunter22', 'x-api-key': ['hunter22'], cookie: { sid: 'hunter22' }, accept: 'json' },
    probes: [{ kind: 'redis', address: 'redis://:hunter22@h' }], limit: 3, dbPassword: 42, quiet: false, token: null,
  };
  assert.deepEqual(redact(value), {
    target: 'http://u:***@h/', headers: { Authorization: '***', 'x-api-key': ['***'], cookie: { sid: '***' }, accept: 'json' },
    probes: [{ kind: 'redis', address: 'redis://:***@h' }], limit: 3, dbPassword: '***', quiet: false, token: null,
  });
});

test('names of secrets are known in every spelling', () => {
  for (const name of ['authorization', 'Proxy-Authorization', 'X-API-Key', 'apiKey', 'api_key', 'accessToken', 'DB_PASSWORD', 'client_secret', 'Set-Cookie']) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of ['tokensPerSecond', 'keyPlace', 'author', 'passed', 'cookieCount', 'target', 'design', 'key']) {
    assert.ok(!isSecretName(name), name);
  }
});

test('long texts without a blank are gone through in a moment', () => {
  const startedAt = performance.now();
  for (const text of ['a', 'auth', 'http://a:', '-', 'eyJ-', 'cookie: ', 'a://', 'token=']) redact(text.repeat(50_000));
  assert.ok(performance.now() - startedAt < 3000, `took ${performance.now() - startedAt} ms`);
});
