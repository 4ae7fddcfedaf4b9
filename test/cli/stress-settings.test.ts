import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { stressSettings, type StressFlags } from '../../src/cli/stress-settings.ts';

it('without flags: requests per second, six minutes, and an end where every other request fails', () => {
  const { by, budgetSeconds, harm, writes } = stressSettings({});
  assert.deepEqual({ by, budgetSeconds, harm, writes }, { by: 'rate', budgetSeconds: 360, harm: { metric: 'http.error_rate', limit: 50 }, writes: null });
});

it('autocannon raises users, for it knows no rate', () => assert.equal(stressSettings({ engine: 'autocannon' }).by, 'users'));

it('reads harm as a share of errors or as a latency', () => {
  assert.deepEqual(stressSettings({ stopAt: 'errors=10%' }).harm, { metric: 'http.error_rate', limit: 10 });
  assert.deepEqual(stressSettings({ stopAt: 'p95=5s' }).harm, { metric: 'http.p95', limit: 5000 });
});

it('a write of one’s own comes with who counts it, and with its id', () => {
  const { writes } = stressSettings({ target: 'http://127.0.0.1:1', write: 'POST /orders', writeBody: '{"ref":"{{ writeId }}"}', checkUrl: 'http://127.0.0.1:1/count' });
  assert.deepEqual(writes, { method: 'POST', path: '/orders', body: '{"ref":"{{ writeId }}"}', check: { url: 'http://127.0.0.1:1/count' } });
});

const wrong: readonly (readonly [StressFlags, RegExp])[] = [
  [{ by: 'requests' }, /neither rate nor users/],
  [{ budget: '10s' }, /too short/],
  [{ budget: 'soon' }, /no duration/],
  [{ stopAt: 'errors=200%' }, /no limit of harm/],
  [{ stopAt: 'slow' }, /no limit of harm/],
  [{ from: '-3' }, /no positive number/],
  [{ health: 'localhost/health' }, /no http or https URL/],
  [{ checkUrl: 'http://127.0.0.1:1' }, /none was named/],
  [{ target: 'http://127.0.0.1:1', write: 'POST /orders' }, /nobody counts/],
  [{ target: 'http://127.0.0.1:1', write: 'GET /orders', checkUrl: 'http://127.0.0.1:1' }, /no request/],
  [{ target: 'http://127.0.0.1:1', write: 'POST /orders', checkUrl: 'http://127.0.0.1:1' }, /writeId/],
  [{ target: 'http://127.0.0.1:1', write: 'POST /{{ writeId }}', checkSql: 'select 1' }, /needs a database/],
  [{ write: 'POST /{{ writeId }}', checkUrl: 'http://127.0.0.1:1' }, /target of your own/],
];
for (const [flags, message] of wrong) {
  it(`refuses ${JSON.stringify(flags)} and says what to write`, () => {
    assert.throws(() => stressSettings(flags), (error) => error instanceof ScaleplanError && error.code === 'wrong-usage' && error.hint !== null && message.test(error.message));
  });
}
