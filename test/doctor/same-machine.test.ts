import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { it } from 'node:test';
import { checkSameMachine } from '../../src/doctor/same-machine.ts';

const HOST = { kind: 'host', address: 'local' } as const;
const PROCESS = { kind: 'process', address: '4711' } as const;

it('asks where the target is when probes of this machine are to speak for it', () => {
  const found = checkSameMachine('http://10.11.12.13:3000', [HOST, PROCESS]);
  assert.equal(found?.status, 'warn');
  assert.match(found?.detail ?? '', /the target is 10\.11\.12\.13; probe host and probe process read the machine scaleplan runs on/);
  assert.match(checkSameMachine('http://shop.internal:3000', [HOST])?.detail ?? '', /probe host reads/);
});

it('does not ask where the target is here, or where servers are read by their address', () => {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => address);
  for (const host of ['localhost', '127.0.0.1', '127.0.3.4', '[::1]', ...own]) assert.equal(checkSameMachine(`http://${host}:3000`, [HOST]), null, host);
  assert.equal(checkSameMachine('http://10.11.12.13:3000', [{ kind: 'redis', address: 'redis://10.11.12.14' }]), null);
});
