import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal, sealRoundsFor } from '../../../src/demo/walls/seal.ts';

test('as many rounds are asked for as take their time on this machine', () => {
  const rounds = sealRoundsFor(40);
  const before = process.cpuUsage();
  for (let i = 0; i < 5; i++) seal(i, rounds);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 5000;
  assert.ok(ms > 20 && ms < 160, `${ms} ms`);
});

test('where purchases are not sealed nothing is computed', () => assert.equal(sealRoundsFor(0), 0));
