import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { freePort } from '../../src/process/free-port.ts';
import type { EngineLoad } from '../../src/engines/engine.ts';
import type { Interval } from '../../src/model/interval.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { constant } from './artillery/run-script.ts';
import { stage, summarize, type Measured } from './autocannon/measure.ts';
import { AUTOCANNON, K6, REFERENCE, type Subject } from './conformance/subjects.ts';
import { missingK6 } from './k6/built.ts';

const noK6 = await missingK6();
const [openK6] = K6;
const ENGINES: readonly Subject[] = [REFERENCE, { ...AUTOCANNON, name: 'autocannon' }, ...(noK6 === false && openK6 !== undefined ? [{ ...openK6, name: 'k6' }] : [])];
const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl to make a certificate with';

const folder = await mkdtemp(join(tmpdir(), 'bad-targets-'));
after(() => rm(folder, { recursive: true, force: true }));
await writeFile(join(folder, 'one.yml'), 'config: {target: http://127.0.0.1:9}\nscenarios:\n  - flow:\n      - get: {url: /}\n');

/** A second of load on a target, by one engine. */
async function put({ engine, model }: Subject, target: string): Promise<Measured> {
  const shape: EngineLoad['shape'] = model === 'open' ? { model, stages: [constant(4, 1)] } : { model, stages: [stage(2, 1)] };
  const workDir = await mkdtemp(join(folder, 'run-'));
  const load = { target, scenario: await loadScenario(join(folder, 'one.yml')), shape, timeoutMs: 3000, endpoint: null, headers: {}, workDir };
  const intervals: Interval[] = [];
  for await (const interval of engine.run(load, new AbortController().signal)) intervals.push(interval);
  return summarize(intervals);
}

/** Every engine at once. */
async function putAll(target: string): Promise<readonly (readonly [string, Measured])[]> {
  return Promise.all(ENGINES.map(async (subject) => [subject.name, await put(subject, target)] as const));
}

async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  const port = await freePort();
  server.listen(port, host);
  await once(server, 'listening');
  return port;
}

/** A key and a certificate for localhost that nobody vouches for, made once. */
const pair = noOpenssl === false ? await selfSigned() : { key: '', cert: '' };

async function selfSigned(): Promise<{ readonly key: string; readonly cert: string }> {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

function assertOnly(measured: Measured, kind: string, name: string): void {
  assert.ok(measured.requests >= 2, `${name} made ${measured.requests} requests`);
  assert.deepEqual(measured.errors, { [kind]: measured.requests }, name);
}

describe('targets that cannot be spoken with', { concurrency: 2 }, () => {
  test('a certificate that nobody vouches for is an error of kind tls, and no request gets through', { skip: noOpenssl }, async () => {
    let asked = 0;
    const server = createHttps(pair, (_request, response) => {
      asked += 1;
      response.end('ok');
    });
    server.on('tlsClientError', () => {});
    const port = await listening(server);
    for (const [name, measured] of await putAll(`https://127.0.0.1:${port}`)) assertOnly(measured, 'tls', name);
    assert.equal(asked, 0);
    server.close();
  });

  test('a host name that does not resolve is an error of kind dns', async () => {
    for (const [name, measured] of await putAll('http://no-such-host.invalid:8080')) assertOnly(measured, 'dns', name);
  });

  test('a port that speaks something else is an error of kind closed', async () => {
    const server = createTcp((socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.6\r\n');
    });
    const port = await listening(server);
    for (const [name, measured] of await putAll(`http://127.0.0.1:${port}`)) assertOnly(measured, 'closed', name);
    server.close();
  });

  test('IPv6', async (context) => {
    const server = createHttp((_request, response) => response.end('ok'));
    const failed = await listening(server, '::1').then((port) => port, () => null);
    if (failed === null) {
      context.skip('this machine has no IPv6 loopback');
      return;
    }
    for (const [name, { requests, errors }] of await putAll(`http://[::1]:${failed}`)) {
      assert.ok(requests >= 4, `${name} made ${requests} requests`);
      assert.deepEqual(errors, {}, name);
    }
    server.closeAllConnections();
    server.close();
  });

  test('a server that speaks HTTP/2 only is spoken with by k6', { skip: noOpenssl === false ? noK6 : noOpenssl }, async () => {
    const server = createSecureServer({ ...pair, allowHTTP1: false }, (request, response) => response.end(request.httpVersion));
    const port = await listening(server);
    assert.ok(openK6 !== undefined);
    const before = process.env['SSL_CERT_FILE'];
    // k6 inherits it: an authority of our own.
    process.env['SSL_CERT_FILE'] = join(folder, 'cert.pem');
    const measured = await put(openK6, `https://localhost:${port}`).finally(() => {
      if (before === undefined) delete process.env['SSL_CERT_FILE'];
      else process.env['SSL_CERT_FILE'] = before;
    });
    server.close();
    assert.deepEqual(measured.errors, {});
    assert.equal(measured.requests, 4);
  });
});
