import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { historyOf } from '../../src/compare/history.ts';
import { findBrowser } from '../../src/probes/find-browser.ts';
import { historyPage } from '../../src/reporters/html/history-page.ts';
import { pastRuns } from '../compare/past-runs.ts';
import { times } from '../judge/facts.ts';

const executablePath = findBrowser();

test('the page of the history opens from disk without scripting, shows its change points in light and dark, narrow and wide, and asks for nothing', { skip: executablePath === null ? 'no Chromium on this machine' : false }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scaleplan-history-page-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'history.html');
  writeFileSync(file, historyPage(historyOf(pastRuns([...times(8, () => 1), ...times(8, () => 1.5)])), (id) => `${id}/report.html`));
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'] });
  t.after(() => browser.close());
  for (const [width, colorScheme] of [[1280, 'light'], [400, 'dark']] as const) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('request', (request) => { if (!request.isNavigationRequest()) faults.push(`asked for ${request.url()}`); });
    await page.goto(pathToFileURL(file).href);
    assert.match(await page.locator('svg').first().textContent() ?? '', /p50 \+[\d.]+ %, p95 \+[\d.]+ %/);
    assert.equal(await page.locator('td:has-text("from here on")').count(), 1);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const serious = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string; impact: string }[] }> } }; // put there by the line above
      return (await axe.run()).violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
    });
    assert.deepEqual(serious, []);
    assert.deepEqual(faults, []);
    await context.close();
  }
});
