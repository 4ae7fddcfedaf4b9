import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { watch } from '../../src/cli/commands/watch.ts';
import { recordingHost } from './recording-host.ts';

let jobs = 0;
const server = createServer((_, response) => response.end(`# TYPE jobs_waiting gauge\njobs_waiting ${jobs}\n`));
const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-watch-'));
const settled = { cwd, now: () => Date.now() };

before(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(cwd, 'plan.yaml'), 'extends: honeyjar\nid: own\ntitle: Own\ntriggers:\n  - { condition: queue.depth > 100 jobs, action: more workers }\nalerts:\n  - { condition: queue.depth > 200 jobs for 10 min, severity: warning }\n');
  writeFileSync(join(cwd, 'scaleplan.config.yaml'), `plan: ./plan.yaml\nprobes:\n  node: http://127.0.0.1:${port}/metrics\nmetricNames: { jobs_waiting: queue.depth }\n`);
});

after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(cwd, { recursive: true, force: true });
});

test('a quiet server is 0, and a duration that cannot have begun does not keep it open', async () => {
  jobs = 3;
  const { host, out } = recordingHost(settled);
  assert.equal(await watch({ once: true, duration: '13s' }, host), 0, out());
  assert.match(out(), /quiet +trigger queue\.depth > 100 jobs/);
  assert.match(out(), /quiet +alert queue\.depth > 200 jobs for 10 min/);
});

test('a deep queue fires, with what the plan says to do, in lines of JSON', async () => {
  jobs = 500;
  const { host, out } = recordingHost(settled);
  assert.equal(await watch({ duration: '13s', json: true }, host), 1, out());
  const lines = out().trim().split('\n').map((line) => JSON.parse(line) as { condition: string; status: string; observed: number; advice: string });
  assert.deepEqual(lines.map(({ condition, status, observed, advice }) => [condition, status, observed, advice]), [['queue.depth > 100 jobs', 'fired', 500, 'more workers']]);
});

test('without a probe, or with none that reads a sign, there is nothing to watch', async () => {
  const bare = recordingHost({ now: () => Date.now() });
  await assert.rejects(watch({ plan: 'honeyjar' }, bare.host), { code: 'wrong-usage' });
  await assert.rejects(watch({ plan: 'honeyjar', probe: ['qdrant=http://127.0.0.1:9'] }, bare.host), { code: 'wrong-usage' });
});
