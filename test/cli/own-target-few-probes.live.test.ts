import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { POOL_SIZE, startOwnTarget, testOwnTarget, type OwnTarget, type Told } from './own-target.ts';

const WATCHER = "create role watcher login password 'hush-watcher'; grant pg_monitor to watcher;";

interface Suspect {
  readonly id: string;
  readonly status: string;
  readonly confidence: number;
  readonly evidence: readonly { readonly for: boolean; readonly text: string }[];
}

/** Of the target: that the generator was late itself, on a machine busy with something else, is true as well. */
function targetsOwn(report: Told['report']): Suspect[] {
  return (report['diagnosis'].bottlenecks as Suspect[]).filter(({ id }) => id !== 'generator');
}

describe('an application of somebody else’s, whose pool is too small', () => {
  const targets: OwnTarget[] = [];
  let [unseen, seen]: (Told | null)[] = [null, null];

  // Each with a PostgreSQL of its own: what one sees must not be the other's.
  before(async () => {
    const [first, second] = await Promise.all([startOwnTarget(), startOwnTarget(WATCHER)]);
    targets.push(first, second);
    [unseen, seen] = await Promise.all([testOwnTarget(first.url, []), testOwnTarget(second.url, [`postgres=${second.as('watcher', 'hush-watcher')}`])]);
  });
  after(() => Promise.all(targets.map((target) => target[Symbol.asyncDispose]())));

  it('without a probe: its thresholds are judged, no cause is named, and what would settle it is', () => {
    assert.ok(unseen);
    const { code, report, out, err } = unseen;
    assert.equal(code, 1, err + out);
    assert.equal(report['verdicts'].find((one: { condition: { metric: string } }) => one.condition.metric === 'http.p95').status, 'fail');
    assert.equal(report['diagnosis'].outcome, 'not-enough-evidence');
    assert.deepEqual(targetsOwn(report), [], 'what nobody read names nothing');
    assert.match(out, /evidence does not suffice to name the cause/);
    assert.match(out.replaceAll(/\s+/g, ' '), /seen .*1\d(\.\d)?\/s are answered of 1\d(\.\d)?\/s sent: about 1\d(\.\d)?\/s is the capacity/);
    assert.match(out, /database connections: needs .*\(--probe node=/s);
    assert.doesNotMatch(out, /Milestone hit/);
  });

  it('with PostgreSQL’s probe alone: its pool is a suspicion at most, since PostgreSQL cannot see who waits outside; locks and statements are ruled out', () => {
    assert.ok(seen);
    const { code, report, out, err, written } = seen;
    assert.equal(code, 1, err + out);
    assert.doesNotMatch(out + err + written, /hush-watcher/);
    assert.equal(report['diagnosis'].outcome, 'not-enough-evidence');
    const [pool, ...others] = targetsOwn(report);
    const unknown = (report['diagnosis'].unknown as { id: string; missing: string }[]).map(({ id }) => id);
    assert.deepEqual(['node-cpu', 'event-loop-blocked', 'cache', 'qdrant', 'host-cpu'].filter((id) => !unknown.includes(id)), [], 'what this probe cannot rule out');
    assert.deepEqual(['db-query', 'db-lock'].filter((id) => unknown.includes(id)), [], 'what it can');
    assert.match(out.replaceAll(/\s+/g, ' '), /--probe node=http:\/\/…\/metrics\); PostgreSQL cannot see who waits outside/, 'what would settle it');
    assert.deepEqual(others, []);
    // Where a busy machine lets a statement begin late, their number moved, and not even a suspicion stands.
    if (pool === undefined) return assert.ok(unknown.includes('db-connections'));
    assert.deepEqual([pool.id, pool.status], ['db-connections', 'approaching']);
    assert.ok(pool.confidence < 0.7, `a suspicion, of ${pool.confidence}`);
    const texts = (isFor: boolean): string => pool.evidence.filter((one) => one.for === isFor).map(({ text }) => text).join(' · ');
    assert.match(texts(true), new RegExp(`a pool of ${POOL_SIZE} would look like this`));
    assert.match(texts(false), /database queries: statements are .* % of the time .*database locks: no statement waits for a lock/s);
  });
});
