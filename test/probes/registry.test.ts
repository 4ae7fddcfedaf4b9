import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScaleplanError } from '../../src/errors.ts';
import { withoutSecrets, instanceOf } from '../../src/probes/probe-address.ts';
import { loadProbe, parseProbe, PROBE_KINDS } from '../../src/probes/registry.ts';
import { withTimeLimit } from '../../src/probes/time-limit.ts';

function refusal(text: string): ScaleplanError {
  try {
    parseProbe(text);
  } catch (error) {
    assert.ok(error instanceof ScaleplanError && error.code === 'wrong-usage');
    return error;
  }
  return assert.fail(`"${text}" was taken`);
}

describe('a probe on the command line', () => {
  for (const [text, kind, address] of [
    ['redis=redis://127.0.0.1:6379', 'redis', 'redis://127.0.0.1:6379'],
    ['postgres=postgres://u:a=b@h/db?sslmode=require', 'postgres', 'postgres://u:a=b@h/db?sslmode=require'],
    ['bullmq=redis://h?queue=mail', 'bullmq', 'redis://h?queue=mail'],
    ['host=local', 'host', 'local'],
    ['process=12', 'process', '12'],
  ] as const) {
    it(`reads ${text}`, () => assert.deepEqual(parseProbe(text), { kind, address }));
  }

  it('names the nearest kind', () => assert.match(refusal('postgre=postgres://h/db').hint ?? '', /"postgres"/));

  it('says what an address looks like', () => {
    assert.match(refusal('redis').hint ?? '', /redis=redis:\/\//);
    assert.match(refusal('bullmq=redis://h').hint ?? '', /queue=mail/);
    assert.match(refusal('process=abc').hint ?? '', /process=12345/);
  });

  it('never repeats an address, which may hold a password', () => {
    for (const text of ['redis://u:s3cret-pw@h', 'redis=http://u:s3cret-pw@h', 'rediss=redis://u:s3cret-pw@h', 'redis://u:s3cret-pw@h?x=y']) {
      const { message, hint } = refusal(text);
      assert.doesNotMatch(message + (hint ?? ''), /s3cret/);
    }
  });

  it('has a probe behind every kind', async () => {
    for (const kind of PROBE_KINDS) assert.equal(typeof await loadProbe(kind), 'function');
    await assert.rejects(loadProbe('generator'), { code: 'unknown-name' });
  });
});

describe('messages of probes', () => {
  it('hide passwords, keys and whole addresses, encoded or not', () => {
    const address = 'http://u:p%40ss-word@h:6333/?api-key=k-123456';
    const text = withoutSecrets(`cannot read ${address}: p@ss-word p%40ss-word k-123456`, address);
    assert.doesNotMatch(text, /ss-word|123456/);
    assert.equal(withoutSecrets('there is no process 4711', '4711'), 'there is no process 4711', 'the id of a process is no secret');
    assert.doesNotMatch(withoutSecrets('key abcdef1 refused', 'http://abcdef1@h:1'), /abcdef1/);
  });

  it('tell servers apart without secrets', () => {
    assert.equal(instanceOf({ kind: 'postgres', address: 'postgres://u:p@h:5432/shop' }), 'h:5432/shop');
    assert.equal(instanceOf({ kind: 'bullmq', address: 'redis://:p@h?queue=mail' }), 'mail');
    assert.equal(instanceOf({ kind: 'process', address: '12' }), '12');
  });
});

describe('a time limit', () => {
  it('gives up on work that ignores its signal', async () => {
    await assert.rejects(withTimeLimit(50, null, () => new Promise(() => { setTimeout(() => {}, 100); })), /0\.05 s/);
  });

  it('gives up at once when everything was stopped', async () => {
    await assert.rejects(withTimeLimit(5000, AbortSignal.abort(new Error('stopped')), () => new Promise(() => {})), /stopped/);
  });
});
