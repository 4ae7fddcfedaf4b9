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
  for (const key of ['alpha', 'beta', 'gamma', 'model', 'peak', 'physical', 'r2', 'reason', 'standardErrors', 'peakBounds', 'most', 'heldAtZero', 'points', 'collapsedAt']) assert.ok(key in fit, key);
  const { load, throughput } = fit.peakBounds ?? assert.fail('no bounds');
  assert.ok(load.low < 96.5 && (load.high ?? 0) > 96.6 && throughput.low < 1884 && (throughput.high ?? 0) > 1884, JSON.stringify(fit.peakBounds));
  assert.deepEqual([fit.model, fit.physical, fit.reason], ['usl', true, null]);
  assert.deepEqual([fit.alpha, fit.beta, fit.gamma].map((value) => Number(value.toPrecision(4))), [0.02773, 0.0001044, 90.0]);
});

test('for people: the law, its coefficients with their errors, the peak, and a chart no wider than a terminal', async () => {
  const text = await fitted(SPECSDM91, false);
  assert.match(text, /fitted to 7 points of measured\.csv/);
  assert.match(text.replaceAll(/\s+/g, ' '), /Throughput peaks at a load of 96\.5 \(\d+\.\d–\d{3}\.\d\), with 188\d\.\d \(1\d{3}\.\d–\d{4}\.\d\)/);
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

test('no line is wider than a narrow terminal, whatever is said', async () => {
  for (const rows of [SPECSDM91, [[1, 10], [2, 20], [4, 40], [8, 80], [16, 160]], [[10, 100], [20, 200], [30, 300], [40, 330], [50, 331], [60, 329]]] as const) {
    writeFileSync(join(cwd, 'measured.csv'), ['load,throughput', ...rows.map((row) => row.join(','))].join('\n'));
    const { host, out } = recordingHost({ cwd });
    await capacityFit('measured.csv', {}, { ...host, out: { ...host.out, columns: () => 60 } });
    for (const line of out().split('\n')) assert.ok(line.length <= 60, line);
  }
});

test('says how many rows were left out, and that nothing was done above the others', async () => {
  const text = (await fitted([[1, 10], [2, 19], [4, 35], [8, 60], [16, 0], [32, 0]], false)).replaceAll(/\s+/g, ' ');
  assert.match(text, /fitted to 4 points of measured\.csv \(2 left out/);
  assert.match(text, /No peak: nothing was done any more at a load of 16/);
});
