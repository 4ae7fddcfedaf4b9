import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { startBreakableServer } from '../stress/breakable-server.ts';
import { FIXTURES, run, start, workFolder } from './program.ts';

const PLAN = ['--plan', join(FIXTURES, 'plan.yaml'), '--phase', '1'];
/** Users at the same time, for autocannon starts at once. */
const byUsers = (url: string, ...more: string[]): string[] => ['stress', ...PLAN, '--target', url, '--by', 'users', ...more];

type Json = Record<string, any>;

// Each waits most of its time, so that four of them wait side by side.
describe('a search for the breaking point of small servers', { concurrency: 4 }, () => {
  it('that breaks at the first stage: says so after one stage that did harm, and fails', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 4, serviceMs: 20, dieFrom: 1 });
    const ended = await run(byUsers(server.url, '--budget', '60s', '--json'), folder.path);
    assert.equal(ended.code, 1, ended.err);
    const { stress } = JSON.parse(ended.out) as Json;
    assert.equal(stress.end, 'broke-at-once');
    assert.equal(stress.stages.length, 1, 'one user is the least there is');
    assert.match(stress.summary, /breaks already at 1 users/);
    assert.match(stress.stages[0].told[0], /harm/);
    assert.equal(stress.recovery, null);
    assert.ok(ended.seconds < 60, `${ended.seconds} s`);
  });

  it('that never breaks within the budget: says what was shown, and is no breaking point', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 8, serviceMs: 20 });
    const ended = await run(byUsers(server.url, '--from', '2', '--to', '2', '--budget', '30s', '--json'), folder.path);
    const { stress, outlook } = JSON.parse(ended.out) as Json;
    assert.equal(stress.end, 'never-broke', ended.err);
    assert.equal(outlook.capacity, null);
    assert.match(stress.summary, /It did not break: 2 users at the same time was the highest load.*nothing above 2 users at the same time was to be tried/);
    assert.equal(ended.code, 4, 'that it would carry the phase’s requests was not shown');
    assert.ok(Object.keys(folder.runJson()['configuration'].requestShares ?? {}).length > 0, 'what was asked for is kept: a prediction corrects what came by chance');
    assert.ok(ended.seconds < 60, `${ended.seconds} s`);
  });

  it('that fails and does not come back: looks twice, ends, and says it is down', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 4, serviceMs: 20, dieFrom: 4 });
    const ended = await run(byUsers(server.url, '--from', '2', '--budget', '100s', '--json'), folder.path);
    assert.equal(ended.code, 1, ended.err);
    const { stress } = JSON.parse(ended.out) as Json;
    assert.equal(stress.end, 'not-back', JSON.stringify(stress.stages));
    assert.match(stress.summary, /did not come back: afterwards it failed at 2 users at the same time, which it had carried before/);
    assert.ok(stress.edge.low >= 1.5 && stress.edge.high <= 5, JSON.stringify(stress.edge));
    assert.equal(stress.recovery.seconds, null);
    assert.ok(stress.recovery.watchedSeconds >= 10);
  });

  it('with --stop-at errors=10%: the stage ends within seconds, and nothing at or above it is tried again', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 8, serviceMs: 20, refuseFrom: 6 });
    const ended = await run(byUsers(server.url, '--from', '8', '--stop-at', 'errors=10%', '--budget', '60s', '--json'), folder.path);
    const { stress } = JSON.parse(ended.out) as Json;
    const [first, ...later] = stress.stages as { load: number; judgedSeconds: number; outcome: string; told: string[] }[];
    assert.deepEqual([first?.load, first?.outcome], [8, 'breaks'], ended.err);
    assert.ok((first?.judgedSeconds ?? 99) < 6 && first?.told[0]?.includes('harm'), JSON.stringify(first));
    assert.ok(later.length > 0 && later.every(({ load }) => load < 8), JSON.stringify(later));
  });

  it('whose health URL says no: the load ends at once, and what was seen is sealed and reported', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 8, serviceMs: 20, unhealthyAfterMs: 3000 });
    const ended = await run(byUsers(server.url, '--health', `${server.url}/health`, '--json'), folder.path);
    const { stress, run: facts } = JSON.parse(ended.out) as Json;
    assert.match(stress.notes.join(' '), /ended early: the health URL answered 503/);
    assert.equal(facts.interrupted, false);
    assert.ok(ended.seconds < 60, `${ended.seconds} s of the six minutes there were`);
    assert.ok(folder.runJson()['steps'][0].requests > 0, 'what was seen is kept');
    await assertQuiet(server);
  });

  it('that the operator ends with Ctrl-C: sealed, reported, 130, and the target is left without load', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 8, serviceMs: 20 });
    const program = start(byUsers(server.url, '--json'), folder.path);
    while ((await server.counts()).requests < 100) await sleep(100);
    program.child.kill('SIGINT');
    const ended = await program.ended;
    assert.equal(ended.code, 130, ended.err);
    await assertQuiet(server);
    const { stress, run: facts } = JSON.parse(ended.out) as Json;
    assert.equal(facts.interrupted, true);
    assert.match(stress.notes.join(' '), /interrupted by SIGINT/);
    const again = await run(['report', '--json'], folder.path);
    assert.equal(again.code, 130, 'the saved run says the same');
    assert.deepEqual((JSON.parse(again.out) as Json)['stress'], stress);
  });

  it('of one’s own writes: what was acknowledged and is missing is found by --check-url, and fails', async () => {
    using folder = workFolder();
    await using server = await startBreakableServer({ servers: 8, serviceMs: 20, loseEvery: 25 });
    const writes = ['--write', 'POST /orders', '--write-body', '{"reference":"{{ writeId }}"}', '--check-url', `${server.url}/count`];
    const ended = await run(byUsers(server.url, '--from', '2', '--to', '2', '--budget', '45s', '--json', ...writes), folder.path);
    const [trial] = folder.runJson()['facts'].trials as { metric: string; value: number; note: string }[];
    assert.equal(trial?.metric, 'service.data_consistency', ended.err);
    assert.ok((trial?.value ?? 0) > 90 && (trial?.value ?? 100) < 99, JSON.stringify(trial));
    assert.match(trial?.note ?? '', /[1-9]\d* of them are missing, 0 were applied more than once/);
  });

  it('of one’s own writes: what was applied twice is found by --check-sql', async () => {
    using folder = workFolder();
    const dir = await mkdtemp(join(tmpdir(), 'scaleplan-test-'));
    const database = await startPostgres({ dir, settings: { max_connections: '12' } });
    try {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query('create table orders (reference text)');
      await client.end();
      await using server = await startBreakableServer({ servers: 8, serviceMs: 20, doubleEvery: 25, database: database.url });
      const writes = ['--write', 'POST /orders', '--write-body', '{"reference":"{{ writeId }}"}', '--check-database', database.url, '--check-sql', 'select reference, count(*) from orders where reference = any($1) group by 1'];
      const ended = await run(byUsers(server.url, '--from', '2', '--to', '2', '--budget', '45s', '--json', ...writes), folder.path);
      const [trial] = folder.runJson()['facts'].trials as { value: number; note: string }[];
      assert.match(trial?.note ?? '', /0 of them are missing, [1-9]\d* were applied more than once/, ended.err);
      const saved = JSON.stringify(folder.runJson());
      assert.ok(!saved.includes(new URL(database.url).password) || new URL(database.url).password === '', 'the address of the database is not kept');
    } finally {
      await database.stop();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

/** No request is in flight, and none comes any more. */
async function assertQuiet(server: Awaited<ReturnType<typeof startBreakableServer>>): Promise<void> {
  const before = await server.counts();
  await sleep(1500);
  assert.deepEqual(await server.counts(), { ...before, inFlight: 0 });
}
