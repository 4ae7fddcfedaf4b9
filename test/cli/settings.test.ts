import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsFor } from '../../src/cli/settings.ts';
import { recordingHost } from './recording-host.ts';

test('a flag that the profile cannot heed is refused rather than ignored', async () => {
  const { host } = recordingHost();
  for (const flag of [{ duration: '60s' }, { users: '5' }, { rate: '5' }, { shape: 'soak 4 h' }]) {
    await assert.rejects(settingsFor({ phase: '2', profile: 'as-written', ...flag }, host), { code: 'wrong-usage', message: new RegExp(`--profile as-written .*--${Object.keys(flag)[0]} cannot change it`) });
  }
  await assert.rejects(settingsFor({ phase: '2', profile: 'documented', shape: 'soak 4 h' }, host), { code: 'wrong-usage' });
  assert.equal((await settingsFor({ phase: '2', profile: 'documented', duration: '60s' }, host)).durationSeconds, 60);
  assert.equal((await settingsFor({ phase: '2', shape: 'soak 4 h' }, host)).shape?.kind, 'soak');
});
