import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addressAt, mastersIn } from '../../src/probes/redis-cluster.ts';

const NODES = `
07c37 10.0.0.4:6379@16379,redis-4.example slave 67ed2 0 1426238317239 4 connected
67ed2 10.0.0.2:6379@16379,redis-2.example master - 0 1426238316232 2 connected 5461-10922
292f8 10.0.0.3:6380@16380 master - 0 1426238318243 3 connected 10923-16383 [93-<-67ed2]
e7d1e 127.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-5460
824fe 10.0.0.5:6379@16379 master,fail - 1426238316232 1426238315232 5 disconnected 0-10
6ec23 10.0.0.6:6379@16379 master - 0 1426238316232 6 connected
a1b2c [::1]:6381@16381 master - 0 1426238316232 7 connected 17 18
0aaaa :0@0 master,noaddr - 0 0 8 disconnected
`;

it('takes the masters that serve keys: no replicas, none that failed, none without slots', () => {
  assert.deepEqual(mastersIn(NODES), [
    { host: 'redis-2.example', port: 6379, isMyself: false },
    { host: '10.0.0.3', port: 6380, isMyself: false },
    { host: '127.0.0.1', port: 6379, isMyself: true },
    { host: '[::1]', port: 6381, isMyself: false },
  ]);
});

it('keeps a master that does not know its own address, if it is the one that was asked', () => {
  assert.deepEqual(mastersIn('e7d1e :6379@16379 myself,master - 0 0 1 connected 0-16383\n'), [{ host: '', port: 6379, isMyself: true }]);
});

it('uses the user, the password and the encryption of the address that was named for all of them', () => {
  assert.equal(addressAt('rediss://me:p%40ss@a:1', { host: '10.0.0.3', port: 6380 }), 'rediss://me:p%40ss@10.0.0.3:6380');
  assert.equal(addressAt('redis://a:1', { host: '[::1]', port: 2 }), 'redis://[::1]:2');
  assert.equal(addressAt('redis://a:1', { host: '::1', port: 2 }), 'redis://[::1]:2');
});
