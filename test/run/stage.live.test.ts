import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { autocannon } from '../../src/engines/autocannon/driver.ts';
import type { RunStep } from '../../src/model/run.ts';
import type { PreparedStep } from '../../src/run/play.ts';
import { executeStage } from '../../src/run/stage.ts';
import { stageWindows } from '../../src/stats/stages.ts';
import { load, stage } from '../engines/autocannon/measure.ts';

const facts = { load: 3, purpose: 'search', overloadSeconds: null } as const;

describe('a stage of a search', () => {
  const server = createServer((_, response) => void setTimeout(() => response.end('{}'), 20));
  before(async () => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  function prepared(seconds: number): PreparedStep {
    // A server gives its address once it listens on a port.
    const { port } = server.address() as AddressInfo;
    return { suite: 'stress', engine: autocannon, engineVersion: '9', requestsPerArrival: 1, load: load(`http://127.0.0.1:${port}`, { shape: { model: 'closed', stages: [stage(3, seconds)] } }) };
  }

  async function play(seconds: number, look: (soFar: RunStep) => 'go-on' | 'enough' | 'harm', signal = new AbortController().signal): Promise<RunStep> {
    return executeStage(prepared(seconds), facts, { onInterval: () => {}, look }, signal);
  }

  it('ends when it has shown enough, and its shape is cut to that: draining is no missing load', async () => {
    const step = await play(30, ({ intervals }) => (intervals.length >= 2 ? 'enough' : 'go-on'));
    assert.deepEqual(step.outcome, { status: 'completed' });
    assert.equal(step.shape.stages[0]?.durationSeconds, 2);
    assert.deepEqual(stageWindows(step).map(({ from, to }) => [from, to]), [[0, 2]]);
    assert.deepEqual(step.generatorReasons, []);
    assert.equal(step.stage?.isHarmful, false);
  });

  it('is marked where it did harm', async () => {
    const step = await play(30, () => 'harm');
    assert.equal(step.stage?.isHarmful, true);
    assert.ok(step.intervals.length <= 3);
  });

  it('ends with the search, and says so', async () => {
    const stop = new AbortController();
    const step = await play(30, ({ intervals }) => {
      if (intervals.length === 1) stop.abort('the operator');
      return 'go-on';
    }, stop.signal);
    assert.deepEqual(step.outcome, { status: 'stopped', reason: 'interrupted' });
  });
});
