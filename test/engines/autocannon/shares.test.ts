import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPayload, partOf } from '../../../src/engines/autocannon/payloads.ts';
import { stagesOf, workersFor } from '../../../src/engines/autocannon/shares.ts';
import { stage } from './measure.ts';

test('more workers only where there are cores and users for them', () => {
  assert.deepEqual([workersFor([stage(1000, 1)], 2), workersFor([stage(49, 1)], 16), workersFor([stage(50, 1)], 16), workersFor([stage(1000, 1)], 8), workersFor([stage(5000, 1)], 64)], [1, 1, 2, 4, 8]);
});

test('parts of users, counts and rows make up the whole', () => {
  const parts = [0, 1, 2].map((index) => stagesOf([stage(10, 5, { exactly: 100 })], index, 3)[0]);
  assert.equal(parts.reduce((sum, part) => sum + (part?.users ?? 0), 0), 10);
  assert.equal(parts.reduce((sum, part) => sum + (part?.exactly ?? 0), 0), 100);
  assert.ok(parts.every((part) => part?.durationSeconds === 5));
  const rows = Array.from({ length: 7 }, (_, at) => [String(at)]);
  const dealt = [0, 1].map((index) => openPayload(partOf({ kind: 'rows', fields: ['id'], order: 'sequence', rows }, index, 2)).rows).map((own) => Array.from({ length: own.length }, (_, at) => own.at(at)?.[0]).join(''));
  assert.deepEqual(dealt, ['0246135', '1350246'], 'a row comes again once all have come');
  assert.equal(openPayload(partOf({ kind: 'rows', fields: ['id'], order: 'random', rows }, 1, 2)).rows.length, 7);
});
