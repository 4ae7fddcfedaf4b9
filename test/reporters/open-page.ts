import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Report } from '../../src/model/report.ts';
import { findBrowser } from '../../src/probes/find-browser.ts';
import { html } from '../../src/reporters/html/page.ts';
import { sampleReport, type SampleName } from './sample-report.ts';

const executablePath = findBrowser();
export const skip = executablePath === null ? 'no Chromium on this machine' : false;

type Look = (page: Page, faults: string[]) => Promise<void>;

/** One browser for a test file, closed at its end; opens reports from disk and collects everything that must not happen. */
export function pages(prefix: string, names: readonly SampleName[]): (name: SampleName | Report, options: BrowserContextOptions, look: Look) => Promise<void> {
  let browser: Browser;
  let folder: string;
  const write = async (name: string, report: Report): Promise<string> => {
    const file = join(folder, `${name}.html`);
    await writeFile(file, await html.render(report));
    return file;
  };
  before(async () => {
    if (executablePath === null) return;
    folder = await mkdtemp(join(tmpdir(), prefix));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'] });
    for (const name of names) await write(name, sampleReport(name));
  });
  after(async () => {
    if (executablePath === null) return;
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  return async (name, options, look) => {
    const file = typeof name === 'string' ? join(folder, `${name}.html`) : await write('own', name);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      // The browser advises those who read pixels often: that is us, not the page.
      page.on('console', (message) => { if (!message.text().startsWith('Canvas2D: Multiple readback')) faults.push(message.text()); });
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('request', (request) => { if (!request.url().startsWith('file:') || !request.isNavigationRequest()) faults.push(`asked for ${request.url()}`); });
      await page.goto(pathToFileURL(file).href);
      if (options.javaScriptEnabled !== false) await page.waitForFunction(() => document.documentElement.dataset['drawn'] === 'all');
      await look(page, faults);
    } finally {
      await context.close();
    }
  };
}
