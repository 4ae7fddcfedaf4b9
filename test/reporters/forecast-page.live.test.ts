import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { fitGrowth } from '../../src/capacity/fit-growth.ts';
import { forecast } from '../../src/capacity/forecast.ts';
import { loadPlan } from '../../src/plan/load.ts';
import { findBrowser } from '../../src/probes/find-browser.ts';
import { forecastPage } from '../../src/reporters/html/forecast-page.ts';

const executablePath = findBrowser();

test('the page of a forecast opens from disk, draws its charts in light and dark, and asks for nothing', { skip: executablePath === null ? 'no Chromium on this machine' : false }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-forecast-page-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const readings = Array.from({ length: 12 }, (_, month) => ({ day: (month - 11) * 30, users: 200 * 1.08 ** month * (month % 2 === 0 ? 1.03 : 0.97) }));
  const curve = fitGrowth(readings, { first: '2025-02-05', last: '2026-01-01' });
  const file = join(folder, 'forecast.html');
  writeFileSync(file, await forecastPage(forecast(await loadPlan('ventures', { cwd: folder }), curve, { date: '2026-01-01', users: 460 })));
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'] });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const faults: string[] = [];
  // The test itself reads pixels back; the browser's advice on that is no fault of the page.
  page.on('console', (message) => { if (!message.text().includes('willReadFrequently')) faults.push(message.text()); });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => { if (!request.isNavigationRequest()) faults.push(`asked for ${request.url()}`); });
  await page.goto(pathToFileURL(file).href);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const colours = await page.$$eval('canvas', (canvases) => canvases.map((canvas) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const seen = new Set<number>();
      for (let at = 0; at < data.length; at += 4) seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      return seen.size;
    }));
    assert.equal(colours.length, 2);
    assert.ok(colours.every((count) => count > 5), `${colorScheme}: ${colours.join(', ')}`);
  }
  assert.deepEqual(faults, []);
});
