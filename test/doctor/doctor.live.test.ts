import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { freePort } from '../../src/process/free-port.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { run } from '../e2e/program.ts';

interface Row {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly hint: string | null;
}

it('opens the probes, prints the statement that grants what is missing, asks the target nothing, and ends with 3', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-doctor-'));
  const folder = await makeTempFolder('doctor-test');
  let requests = 0;
  let connections = 0;
  const target = createServer((_, response) => { requests += 1; response.end(); }).on('connection', () => { connections += 1; });
  const port = await freePort();
  await new Promise<void>((resolve) => void target.listen(port, '127.0.0.1', () => resolve()));
  const postgres = await startPostgres({ dir: folder.path, settings: {} });
  try {
    const admin = new pg.Client(postgres.url);
    await admin.connect();
    await admin.query("create role looker login password 'secret-of-looker'");
    await admin.end();
    const url = new URL(postgres.url);
    [url.username, url.password] = ['looker', 'secret-of-looker'];
    const { code, out, err } = await run(['doctor', '--json', '--phase', '1', '--target', `http://127.0.0.1:${port}`, '--probe', `postgres=${url}`, 'host=local'], cwd);
    assert.equal(code, 3, err);
    assert.doesNotMatch(out + err, /secret-of-looker/);
    const rows = JSON.parse(out) as Row[];
    const row = (check: string): Row | undefined => rows.find((one) => one.check === check);
    assert.deepEqual(Object.keys(rows[0] ?? {}), ['check', 'status', 'detail', 'hint']);
    assert.equal(row('probe postgres')?.status, 'fail');
    assert.match(row('probe postgres')?.hint ?? '', /GRANT pg_monitor TO looker;/);
    assert.equal(row('target')?.status, 'ok');
    assert.deepEqual([connections, requests], [1, 0]);
    assert.match(row('probe host')?.detail ?? '', /\d+ metrics read/);
    assert.match(row('load')?.detail ?? '', /measured: autocannon made [\d,]{3,} requests\/s/);
    assert.deepEqual(rows.filter(({ check }) => ['node', 'engine autocannon', 'cpu', 'file descriptors', 'ports', 'output', 'clock'].includes(check)).length, 7);
  } finally {
    await postgres.stop();
    await folder.dispose();
    await new Promise((resolve) => target.close(resolve));
    rmSync(cwd, { recursive: true, force: true });
  }
});

it('refuses a target that nobody allowed as test does: 2, not 3', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-doctor-'));
  try {
    const { code, out } = await run(['doctor', '--target', 'http://192.0.2.1'], cwd);
    assert.equal(code, 2);
    assert.match(out, /✗ target .*neither loopback nor private/);
    assert.match(out, /--allow-target 192\.0\.2\.1/);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
