import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRunning } from '../running.ts';
import type { Running } from '../running.ts';

describe('the chat application', { timeout: 60_000 }, () => {
  let running: Running;
  before(async () => {
    running = await startRunning({ application: 'honeyjar', architecture: null, bottleneck: null });
  });
  after(() => running?.stop());

  const message = { userId: 7, threadId: 13, message: 'How much honey is in a spring hive?' };

  test('a message goes through all three queues and is answered from documents', async () => {
    const { status, body } = await running.ask('/api/chat/ask', message);
    assert.equal(status, 200);
    assert.match(String(body['reply']), /\(question\).*guide/);
    assert.equal(body['cacheTier'], 'database');
    const thread = await running.ask('/api/threads/13');
    const [reply, question] = thread.body['messages'] as { text: string }[];
    assert.equal(question?.text, message.message);
    assert.equal(reply?.text, body['reply']);
  });

  test('the same question is answered by a nearer tier', async () => {
    const { body } = await running.ask('/api/chat/ask', message);
    assert.equal(body['cacheTier'], 'memory');
    const { status, body: found } = await running.ask('/api/documents/search?q=how%20much%20honey%20is%20in%20a%20spring%20hive');
    assert.equal(status, 200);
    assert.ok((found['items'] as unknown[]).length > 0);
  });

  test('a message that is not waited for is done later, and its state can be asked', async () => {
    const { status, body } = await running.ask('/api/chat', { ...message, message: 'Tell me about wax and pollen' });
    assert.equal(status, 202);
    let state = await running.ask(`/api/chat/${body['batchId']}`);
    assert.equal(state.body['status'], 'working');
    for (let i = 0; i < 100 && state.body['status'] !== 'done'; i += 1) {
      await sleep(50);
      state = await running.ask(`/api/chat/${body['batchId']}`);
    }
    assert.equal(state.body['status'], 'done');
    assert.match(String(state.body['reply']), /\(talk\).*wax/);
  });

  test('threads are listed by user, and nonsense is refused', async () => {
    const list = await running.ask('/api/threads?userId=7');
    const [first] = list.body['items'] as { id: number }[];
    assert.equal((await running.ask(`/api/threads/${first?.id}`)).status, 200);
    assert.equal((await running.ask('/api/threads/99999999')).status, 404);
    assert.equal((await running.ask('/api/chat', { userId: 1 })).status, 400);
    assert.equal((await running.ask('/api/chat/12345678-1234-1234-1234-123456789abc')).status, 404);
  });

  test('each queue has a probe of its own, and the page of metrics counts jobs', async () => {
    const kinds = running.demo.probes.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['postgres', 'redis', 'bullmq', 'bullmq', 'bullmq', 'node', 'host']);
    const text = await (await fetch(`${running.demo.url}/metrics`)).text();
    assert.match(text, /^queue_jobs_completed_total [1-9]/m);
    assert.match(text, /^queue_job_duration_seconds_count [1-9]/m);
  });
});
