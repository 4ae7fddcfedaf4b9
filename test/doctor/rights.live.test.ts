import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { startRedis } from '../../src/demo/servers/redis.ts';
import { checkProbes } from '../../src/doctor/probes.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import type { ProbeRequest } from '../../src/probes/registry.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';

describe('the doctor, of users who may not see what a probe reads', () => {
  const started = new AsyncDisposableStack();
  let admin: pg.Client;
  let redis: Redis;
  let asked: ProbeRequest[];
  let found: readonly Finding[];

  before(async () => {
    const folder = await makeTempFolder('doctor-rights');
    started.defer(() => folder.dispose());
    const [postgres, cache] = await Promise.all([
      startPostgres({ dir: folder.path, settings: { shared_preload_libraries: 'pg_stat_statements' } }),
      startRedis({ dir: folder.path, maxMemoryBytes: null, policy: 'noeviction', name: 'redis' }),
    ]);
    started.defer(() => postgres.stop());
    started.defer(() => cache.stop());
    admin = new pg.Client(postgres.url);
    await admin.connect();
    started.defer(() => admin.end());
    redis = new Redis(cache.url);
    started.defer(() => redis.disconnect());
    await admin.query(`create role "Odd Role" login password 'hush-1'`);
    for (const user of ['looker', 'queuer']) await redis.call('ACL', 'SETUSER', user, 'on', '>hush-2', '-@all');
    await redis.call('ACL', 'SETUSER', 'halfway', 'on', '>hush-3', '-@all', '+info');
    const as = (user: string, password: string): string => Object.assign(new URL(postgres.url), { username: encodeURIComponent(user), password }).href;
    const at = new URL(cache.url).host;
    asked = [
      { kind: 'postgres', address: as('Odd Role', 'hush-1') },
      { kind: 'redis', address: `redis://looker:hush-2@${at}` },
      { kind: 'bullmq', address: `redis://queuer:hush-2@${at}?queue=mail&concurrency=5` },
      { kind: 'redis', address: `redis://halfway:hush-3@${at}` },
      { kind: 'postgres', address: as('nobody', 'hush-4') },
      { kind: 'redis', address: `redis://nobody:hush-5@${at}` },
    ];
    found = (await checkProbes({ probes: asked, metricNames: {} })).findings;
  });
  after(() => started.disposeAsync());

  it('prints the line that is missing, for the user of the address; where one figure alone is missing, which', () => {
    assert.deepEqual(found.map(({ status }) => status), ['fail', 'fail', 'fail', 'ok', 'fail', 'fail']);
    assert.match(found[0]?.check ?? '', /^probe postgres 127\.0\.0\.1:\d+\/postgres$/, 'of several of a kind, which');
    assert.equal(found[2]?.check, 'probe bullmq');
    assert.match(found[0]?.hint ?? '', /GRANT pg_monitor TO "Odd Role";/);
    assert.match(found[1]?.hint ?? '', /ACL SETUSER looker \+info \+slowlog\|get$/m);
    assert.match(found[2]?.hint ?? '', /ACL SETUSER queuer ~bull:mail:\* \+llen /);
    assert.match(found[3]?.hint ?? '', /^For slow commands: ACL SETUSER halfway \+slowlog\|get$/);
    assert.doesNotMatch(JSON.stringify(found), /hush-/);
  });

  it('prints how to make a user with exactly what is needed, for one that is not let in', () => {
    assert.match(found[4]?.hint ?? '', /CREATE ROLE nobody LOGIN PASSWORD '…' CONNECTION LIMIT 2;\n +GRANT pg_monitor TO nobody;/);
    assert.match(found[5]?.hint ?? '', /ACL SETUSER nobody on >… -@all \+info \+slowlog\|get/);
  });

  it('prints lines that work: once they were executed, with the passwords chosen, every probe is open and nothing is missing', async () => {
    for (const [index, { hint }] of found.entries()) {
      const password = new URL(asked[index]?.address ?? '').password;
      for (const line of linesOf((hint ?? '').replaceAll('…', password))) {
        if (line.startsWith('ACL ')) await redis.call('ACL', ...line.replace(/ +#.*/, '').split(' ').slice(1));
        else await admin.query(line);
      }
    }
    const again = (await checkProbes({ probes: asked, metricNames: {} })).findings;
    assert.deepEqual(again.map(({ status, hint }) => [status, hint]), asked.map(() => ['ok', null]));
  });
});

/** What is meant to be pasted. */
function linesOf(hint: string): string[] {
  return [...hint.matchAll(/(ACL SETUSER .*|(?:CREATE|GRANT) [^;\n]*;)/g)].map(([line]) => line);
}
