import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';

let socket = '';
const tmux = (...args: string[]): string => spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } }).stdout ?? '';
const skip = spawnSync('tmux', ['-V']).status === 0 ? false : 'no tmux on this machine';
const command = fileURLToPath(import.meta.resolve('./live-view-command.ts'));

/** What the pane shows, its history too, once it matches. */
async function shown(wanted: RegExp): Promise<string> {
  for (let at = 0; at < 100; at += 1) {
    const text = tmux('capture-pane', '-p', '-S', '-200').trimEnd();
    if (wanted.test(text)) return text;
    await sleep(100);
  }
  return assert.fail(`never shown: ${wanted}\n${tmux('capture-pane', '-p', '-S', '-200')}`);
}

/** A server of its own for each session: one that is just ending takes no new one. */
function begin(line: string): void {
  socket = `scaleplan-${process.pid}-${randomUUID()}`;
  tmux('new-session', '-d', '-x', '80', '-y', '24', `${line}; sleep 30`);
}

const lines = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`).join('\n');

test('in a real terminal of 80 x 24 the block renews itself below what was written before, and leaves it whole', { skip }, async () => {
  try {
    const environment = ['env', '-u', 'CI', '-u', 'NO_COLOR', 'FORCE_COLOR=0'].join(' ');
    begin(`${environment} '${process.execPath}' '${command}' 2000`);
    const block = await shown(/0:25 of 1:00/);
    assert.ok(block.includes(`${lines(1, 30)}\nProbe redis lost\nload · 1 of 2`), block);
    assert.match(block, /pool waiting [\d.]+ · loop lag 5 ms/);
    assert.match(block, /at risk +✗ http\.p95\{journey=dashboard\} < 500 ms: \d{3} ms/);
    assert.equal(block.match(/of 1:00/g)?.length, 1, 'one block, not a trail of them');
    const after = await shown(/done/);
    assert.equal(after, `${lines(1, 30)}\nProbe redis lost\ndone`);
  } finally {
    tmux('kill-server');
  }
});

for (const [what, variables] of [['on a CI', 'CI=true'], ['on a dumb terminal', 'TERM=dumb']] as const) {
  test(`${what} there are plain lines, even where there is a terminal`, { skip }, async () => {
    try {
      begin(`env -u CI ${variables} '${process.execPath}' '${command}'`);
      const text = await shown(/done/);
      assert.match(text, /line 30\n\[1\/2\] load · 0:10 [^\n]*\nProbe redis lost\n\[1\/2\] load · 0:20 [^\n]*\ndone$/);
    } finally {
      tmux('kill-server');
    }
  });
}
