import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fingerprint } from '../../src/scenario/fingerprint.ts';
import { loadScenario } from '../../src/scenario/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'scaleplan-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SHOP = `
config:
  target: http://127.0.0.1:1
  variables: { term: [a, b] }
  payload: { path: users.csv, fields: [name] }
scenarios:
  - name: browse
    weight: 3
    flow:
      - get: { name: list, url: /, headers: { accept: text/html, x: '1' } }
      - think: 1
  - name: buy
    flow:
      - loop: [{ post: { name: order, url: /orders, json: { item: 1 } } }]
        count: 2
`;

async function hashOf(text: string, { file = 'shop.yml', users = 'ann\n', journey = null }: { file?: string; users?: string; journey?: string | null } = {}): Promise<string> {
  writeFileSync(join(folder, 'users.csv'), users);
  writeFileSync(join(folder, file), text);
  return fingerprint(await loadScenario(join(folder, file)), journey === null ? null : { journey });
}

describe('the hash of a scenario', () => {
  it('is the same under another name, with comments, another order of keys, another target and other phases', async () => {
    const same = await hashOf(SHOP);
    assert.match(same, /^[0-9a-f]{12}$/);
    assert.equal(await hashOf(SHOP, { file: 'other.yml' }), same);
    assert.equal(await hashOf(`# shop\n\n${SHOP.replace('accept: text/html, x: \'1\'', 'x: \'1\', accept: text/html').replace('127.0.0.1:1', '127.0.0.1:2').replace('config:\n', 'config:\n  phases: [{ duration: 5, arrivalRate: 1 }]\n')}`), same);
  });

  it('is another when a request, a loop, a weight, a variable, a time-out or a row of the payload is another', async () => {
    const hashes = [
      await hashOf(SHOP), await hashOf(SHOP.replace('item: 1', 'item: 2')), await hashOf(SHOP.replace('count: 2', 'count: 3')), await hashOf(SHOP.replace('weight: 3', 'weight: 2')),
      await hashOf(SHOP.replace('[a, b]', '[a, c]')), await hashOf(SHOP.replace('config:\n', 'config:\n  http: { timeout: 3 }\n')), await hashOf(SHOP, { users: 'bob\n' }), await hashOf(SHOP.replace('think: 1', 'think: 2')),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
  });

  it('of an endpoint measured alone does not depend on the other journeys', async () => {
    assert.equal(await hashOf(SHOP, { journey: 'buy' }), await hashOf(SHOP.replace('think: 1', 'think: 2'), { journey: 'buy' }));
    assert.notEqual(await hashOf(SHOP, { journey: 'buy' }), await hashOf(SHOP.replace('item: 1', 'item: 2'), { journey: 'buy' }));
  });

  it('of a script that only its own engine reads is the text of the file', async () => {
    const script = 'import http from "k6/http";\nexport default () => { http.get("http://127.0.0.1/"); };\n';
    assert.equal(await hashOf(script, { file: 'a.js' }), await hashOf(script, { file: 'b.js' }));
    assert.notEqual(await hashOf(script, { file: 'a.js' }), await hashOf(`${script}//`, { file: 'a.js' }));
  });
});
