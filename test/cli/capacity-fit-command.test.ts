import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { capacityFit } from '../../src/cli/commands/capacity-fit.ts';
import type { ScalabilityFit } from '../../src/stats/usl.ts';
import { recordingHost } from './recording-host.ts';

const cwd = mkdtempSync(join(tmpdir(), 'scaleplan-fit-'));
after(() => rmSync(cwd, { recursive: true }));

async function fitted(rows: readonly (readonly [load: number, throughput: number])[], isJson = true): Promise<string> {
  writeFileSync(join(cwd, 'measured.csv'), ['load,throughput', ...rows.map((row) => row.join(','))].join('\n'));
  const { host, out } = recordingHost({ cwd });
  assert.equal(await capacityFit('measured.csv', { json: isJson }, host), 0);
  return out();
}

/** SPEC SDM91: the data set `specsdm91` of the R package usl. */
const SPECSDM91 = [[1, 64.9], [18, 995.9], [36, 1652.4], [72, 1853.2], [108, 1828.9], [144, 1775.0], [216, 1702.2]] as const;

test('--json has the keys of the contract, and the published coefficients', async () => {
  const fit = JSON.parse(await fitted(SPECSDM91)) as ScalabilityFit & { model: string };
  assert.deepEqual(Object.keys(fit).toSorted(), ['alpha', 'beta', 'gamma', 'model', 'peak', 'physical', 'r2', 'reason', 'standardErrors']);
  assert.deepEqual([fit.model, fit.physical, fit.reason], ['usl', true, null]);
  assert.deepEqual([fit.alpha, fit.beta, fit.gamma].map((value) => Number(value.toPrecision(4))), [0.02773, 0.0001044, 90.0]);
});

test('for people: the law, its coefficients with their errors, the peak, and a chart no wider than a terminal', async () => {
  const text = await fitted(SPECSDM91, false);
  assert.match(text, /fitted to 7 points of measured\.csv/);
  assert.match(text, /Throughput peaks at a load of 96\.5, with 188\d\.\d\./);
  assert.equal([...text.matchAll(/●/g)].length, 7);
  assert.ok([...text.matchAll(/·/g)].length > 30 && text.split('\n').every((line) => line.length <= 80));
});

test('a range that does not bend has no peak; better than linear is not physical; both say so', async () => {
  const linear = JSON.parse(await fitted([[1, 10], [2, 20], [4, 40], [8, 80], [16, 160]])) as ScalabilityFit;
  assert.ok(linear.peak === null && /does not bend/.test(linear.reason ?? ''));
  const more = JSON.parse(await fitted([1, 2, 4, 8, 16].map((load) => [load, load ** 1.3] as const))) as ScalabilityFit;
  assert.ok(!more.physical && more.peak === null && /negative/.test(more.reason ?? ''));
  assert.match(await fitted([[1, 10], [2, 20], [4, 40], [8, 80], [16, 160]], false), /No peak: the measured range does not bend/);
});

test('noise of 30 % makes no peak out of a straight line', async () => {
  const wobble = [1.3, 0.75, 1.1, 0.7, 1.25, 0.9, 1.3, 0.8];
  const fit = JSON.parse(await fitted(wobble.map((by, at) => [(at + 1) * 10, (at + 1) * 100 * by] as const))) as ScalabilityFit;
  assert.equal(fit.peak, null);
});

test('two points, and a file that is not there, are refused', async () => {
  await assert.rejects(fitted([[1, 10], [2, 18]]), { code: 'wrong-usage', message: /too few different loads/ });
  const { host } = recordingHost({ cwd });
  await assert.rejects(capacityFit('nowhere.csv', {}, host), { code: 'wrong-usage', message: /cannot be read/ });
});
