import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../src/probes/find-browser.ts';

const browserFile = findBrowser();

test('the browser that the set-up found lays out text', { skip: browserFile === null ? 'no browser here' : false }, async () => {
  assert.ok(browserFile !== null);
  const browser = await chromium.launch({ executablePath: browserFile, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    const page = await browser.newPage();
    await page.setContent('<span id="short">a</span><br><span id="long">a longer text</span>');
    const [short, long] = [await page.locator('#short').boundingBox(), await page.locator('#long').boundingBox()];
    assert.ok(short !== null && long !== null && short.width > 2 && long.width > 3 * short.width);
  } finally {
    await browser.close();
  }
});
