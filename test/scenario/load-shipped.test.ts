import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadScenario } from '../../src/scenario/load.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));

test('scenarios are shipped', () => assert.ok(files.length > 0));

for (const file of files) {
  test(`${file} is read whole, by every engine`, async () => {
    const scenario = await loadScenario(join(folder, file));
    assert.deepEqual(scenario.unsupported, []);
    assert.equal(scenario.native, null);
    assert.ok(scenario.journeys.every((journey) => journey.flow.length > 0));
  });
}
