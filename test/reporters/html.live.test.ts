import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { pages, skip } from './open-page.ts';
import { SAMPLES, type SampleName } from './sample-report.ts';

const names = Object.keys(SAMPLES) as SampleName[];
const require = createRequire(import.meta.url);

const opened = pages('scaleplan-page-', names);

/** How many colours each canvas shows: an empty one has but one. */
const coloursDrawn = (page: Page): Promise<number[]> => page.evaluate(() => [...document.querySelectorAll('canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: new Uint8ClampedArray() };
  return new Set(new Uint32Array(data.buffer)).size;
}));

for (const name of names) {
  test(`${name}: opens from disk without an error, asks the network for nothing, draws every chart`, { skip }, async () => {
    await opened(name, {}, async (page, faults) => {
      const drawn = await coloursDrawn(page);
      assert.equal(drawn.length, await page.locator('.chart').count());
      assert.ok(drawn.every((colours) => colours > 10), String(drawn));
      assert.equal(drawn.length > 0, name !== 'interrupted');
      assert.deepEqual(faults, []);
    });
  });

  test(`${name}: at 360 pixels the page itself does not scroll sideways`, { skip }, async () => {
    await opened(name, { viewport: { width: 360, height: 740 } }, async (page) => {
      assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]), [360, 360]);
    });
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the ${colorScheme}`, { skip }, async () => {
    const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
    for (const name of ['failed', 'inconclusive', 'hostile'] as const) {
      // The page's own policy lets nobody put a script into it; the test may.
      await opened(name, { colorScheme, bypassCSP: true }, async (page) => {
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await (globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }).axe.run();
          return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
        });
        assert.deepEqual(found, [], name);
      });
    }
  });
}

test('without scripting the verdict and the tables are there, and no empty frames of charts', { skip }, async () => {
  await opened('failed', { javaScriptEnabled: false }, async (page) => {
    assert.match(await page.locator('.verdict').innerText(), /FAIL[\s\S]*1 of 26 required thresholds failed[\s\S]*database connections/);
    assert.match(await page.locator('table').first().innerText(), /http\.p95\{journey=dashboard\}/);
    assert.equal(await page.locator('.charts figure').first().isVisible(), false);
    assert.match(await page.locator('noscript').last().innerText(), /timeseries\.csv/);
  });
});

test('hostile texts stay texts', { skip }, async () => {
  await opened('hostile', {}, async (page, faults) => {
    assert.equal(await page.evaluate(() => 'hacked' in globalThis), false);
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('script').count(), 2);
    assert.ok((await page.locator('body').innerText()).includes('<img src=x onerror='));
    assert.deepEqual(faults, []);
  });
});

test('charts follow the screen into the dark and go to paper in light', { skip }, async () => {
  await opened('failed', { colorScheme: 'light' }, async (page, faults) => {
    const pixels = (): Promise<string> => page.evaluate(() => document.querySelector('canvas')?.toDataURL() ?? '');
    const light = await pixels();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction((before) => document.querySelector('canvas')?.toDataURL() !== before, light, { timeout: 5000 });
    const dark = await pixels();
    await page.evaluate(() => globalThis.dispatchEvent(new Event('beforeprint')));
    const paper = await coloursDrawn(page);
    assert.ok(paper.length > 10 && paper.every((colours) => colours > 10), `every chart on paper: ${paper.join()}`);
    assert.deepEqual(await page.evaluate(() => [...(document.querySelector('canvas')?.getContext('2d')?.getImageData(300, 3, 1, 1).data ?? [])]), [0, 0, 0, 0], 'on the white of the paper');
    assert.equal(await page.evaluate(() => new Set([...document.querySelectorAll<HTMLCanvasElement>('.charts:not(.timeline) canvas')].map((canvas) => canvas.width)).size), 1);
    await page.evaluate(() => globalThis.dispatchEvent(new Event('afterprint')));
    assert.equal(await pixels(), dark);
    assert.ok((await page.pdf({ format: 'A4' })).length > 10_000);
    assert.deepEqual(faults, []);
  });
});
