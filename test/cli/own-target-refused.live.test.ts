import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { LOAD_SECONDS, startOwnTarget, testOwnTarget, type OwnTarget, type Told } from './own-target.ts';

const ROLES = "create role watcher login password 'hush-watcher'; grant pg_monitor to watcher; create role blind login password 'hush-blind';";

interface Probe {
  readonly kind: string;
  readonly status: string;
  readonly reason: string | null;
}

describe('an application of somebody else’s, of which some probes are refused and some hang', () => {
  const silent = createServer();
  const sockets = new Set<Socket>();
  let target: OwnTarget;
  let told: Told;

  before(async () => {
    // Takes connections and never says a word.
    silent.on('connection', (socket) => { sockets.add(socket.on('error', () => {})); });
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const at = `127.0.0.1:${(silent.address() as AddressInfo).port}`; // it listens on TCP
    target = await startOwnTarget(ROLES);
    told = await testOwnTarget(target.url, [
      `postgres=${target.as('watcher', 'hush-watcher')}`, `postgres=${target.as('blind', 'hush-blind')}`, `postgres=${target.as('watcher', 'hush-wrong')}`,
      `qdrant=http://hush-key@${at}`, `node=http://somebody:hush-page@${at}/metrics?token=hush-token`, `pgbouncer=postgres://stats:hush-pooler@${at}`,
      `redis=redis://:hush-cache@${at}`, `bullmq=redis://:hush-queue@${at}?queue=mail`, `prometheus=http://somebody:hush-series@${at}`,
    ]);
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await target[Symbol.asyncDispose]();
  });

  const ofKind = (kind: string): Probe[] => (told.report['probes'] as Probe[]).filter((probe) => probe.kind === kind);

  it('goes on, names each probe with its reason, and the statement that grants what is missing', () => {
    assert.equal(told.code, 1, told.err + told.out);
    assert.deepEqual(ofKind('postgres').map(({ status }) => status), ['ok', 'refused', 'refused']);
    assert.match(ofKind('postgres')[1]?.reason ?? '', /role blind may not see the sessions of others/);
    assert.match(ofKind('postgres')[2]?.reason ?? '', /password authentication failed/);
    for (const [name, text] of [['terminal', told.out.replaceAll(/\s+/g, ' ')], ['stderr', told.err], ['page and files', told.written]] as const) {
      assert.match(text, /GRANT pg_monitor TO blind;/, name);
    }
  });

  it('says of each that hangs where it does, and what to look at', () => {
    for (const kind of ['qdrant', 'node', 'pgbouncer', 'redis', 'bullmq', 'prometheus']) {
      const [probe] = ofKind(kind);
      assert.equal(probe?.status, 'refused', kind);
      assert.match(probe?.reason ?? '', /127\.0\.0\.1:\d+.*(no answer|did not answer|timeout|timed out)/i, kind);
    }
  });

  it('delays neither the load nor the probe that answers', () => {
    const { sentPerSec, judgedSeconds } = told.report['steps'][0] as { sentPerSec: number; judgedSeconds: number };
    assert.ok(sentPerSec >= 16 && judgedSeconds >= LOAD_SECONDS - 1, `${sentPerSec} requests a second for ${judgedSeconds} s`);
    const seconds = new Set(told.samples.filter(({ metric }) => metric === 'postgres.active').map(({ atMs }) => atMs));
    assert.ok(seconds.size >= LOAD_SECONDS, `PostgreSQL was read in ${seconds.size} seconds`);
    assert.ok(told.seconds < LOAD_SECONDS + 25, `took ${told.seconds} s`);
  });

  it('shows a password or a key in no output at all', () => {
    assert.ok(told.written.length > 10_000, 'the files of the run were read');
    assert.doesNotMatch(told.out + told.err + told.written, /hush-/);
  });
});
