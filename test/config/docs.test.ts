import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { SETTING_NAMES } from '../../src/config/environment.ts';
import { ConfigurationFile } from '../../src/config/schema.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

test('the table of the configuration page holds every key, and no other', () => {
  assert.deepEqual(rows.map(([, key]) => key), Object.keys(ConfigurationFile.shape));
});

test('it holds every environment variable, and no other', () => {
  assert.deepEqual(rows.flatMap(([, , variable]) => (variable === undefined || variable === '' ? [] : [variable])), SETTING_NAMES);
});
