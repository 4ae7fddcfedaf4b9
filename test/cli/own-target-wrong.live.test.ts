import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { startRedis } from '../../src/demo/servers/redis.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { startOwnTarget, testOwnTarget, type Told } from './own-target.ts';

interface Probe {
  readonly kind: string;
  readonly status: string;
  readonly reason: string | null;
}

describe('an application of somebody else’s, and probes that read the wrong servers', () => {
  const started = new AsyncDisposableStack();
  let told: Told;

  before(async () => {
    const folder = await makeTempFolder('wrong-servers');
    started.defer(() => folder.dispose());
    const [target, idle, redis] = await Promise.all([
      startOwnTarget(), startPostgres({ dir: folder.path, settings: {} }), startRedis({ dir: folder.path, maxMemoryBytes: null, policy: 'noeviction', name: 'redis' }),
    ]);
    started.use(target);
    started.defer(() => idle.stop());
    started.defer(() => redis.stop());
    const admin = new pg.Client(idle.url);
    await admin.connect();
    // A session that another application left open: it is there, and does nothing.
    started.defer(() => admin.end());
    told = await testOwnTarget(target.url, [
      `postgres=${idle.url}`, `redis=${redis.url}`,
      `postgres=postgres://somebody:hush-1@127.0.0.1:${redis.port}/shop`, `redis=redis://:hush-2@127.0.0.1:${idle.port}`, `bullmq=redis://:hush-3@127.0.0.1:${idle.port}?queue=mail`,
      `pgbouncer=${idle.url}`, `qdrant=http://hush-4@127.0.0.1:${idle.port}`, `node=http://somebody:hush-5@127.0.0.1:${redis.port}/metrics`, `prometheus=http://somebody:hush-6@127.0.0.1:${idle.port}`,
    ]);
  });
  after(() => started.disposeAsync());

  it('names no cause by a PostgreSQL and a Redis that have nothing to do, clears no suspect by them, and asks whether they are the right ones', () => {
    assert.equal(told.code, 1, told.err + told.out);
    const { outcome, bottlenecks, observations, unknown } = told.report['diagnosis'];
    assert.equal(outcome, 'not-enough-evidence');
    assert.deepEqual(bottlenecks.filter(({ id }: { id: string }) => id !== 'generator'), [], 'a busy machine may make the generator late');
    const said = observations.map(({ text }: { text: string }) => text).join(' · ');
    assert.match(said, /PostgreSQL that was read had nothing to do .* does the target use another\? Its figures are left out.*Redis that was read had nothing to do/);
    assert.match(told.out.replaceAll(/\s+/g, ' '), /PostgreSQL that was read had nothing to do .* does the target use another\? Its figures are left out/);
    const open = unknown.map((one: { id: string }) => one.id);
    assert.deepEqual(['db-connections', 'db-query', 'db-lock', 'cache'].filter((id) => !open.includes(id)), []);
  });

  it('refuses a server of another kind, and says so', () => {
    const refused = (told.report['probes'] as Probe[]).filter(({ status }) => status === 'refused');
    assert.deepEqual(refused.map(({ kind }) => kind), ['postgres', 'redis', 'bullmq', 'pgbouncer', 'qdrant', 'node', 'prometheus']);
    const said = told.out.replaceAll(/\s+/g, ' ');
    for (const [kind, words] of [
      ['postgres', 'does not speak PostgreSQL’s protocol'], ['redis', 'does not speak Redis’s protocol'], ['bullmq', 'does not speak Redis’s protocol'],
      ['pgbouncer', 'This is PostgreSQL itself'], ['qdrant', 'does not speak HTTP'], ['node', 'does not speak HTTP'], ['prometheus', 'does not speak HTTP'],
    ] as const) assert.match(said, new RegExp(`Probe ${kind} refused: [^?]*${words}`), kind);
  });

  it('shows a password or a key in no output at all', () => {
    assert.ok(told.written.length > 10_000, 'the files of the run were read');
    assert.doesNotMatch(told.out + told.err + told.written, /hush-/);
  });
});
