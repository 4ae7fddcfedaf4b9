import type { Browser, Page } from 'playwright-core';
import { ScaleplanError } from '../errors.ts';
import { findBrowser } from './find-browser.ts';
import type { OpenProbe, Probe, ProbeOptions, Reading } from './probe.ts';

/** A page every five seconds: each costs a browser 50 to 200 ms of CPU, which on a small machine the servers want, too. */
const TICKS_BETWEEN_PAGES = 5;
/** Longer than anybody waits. A page that is not there by then counts as this long. */
const PAGE_LIMIT_MS = 30_000;

/** Opens a page in a real browser again and again, with an empty cache as a first visitor has, and tells how long it loads. */
export const browserProbe: OpenProbe = (options) => new BrowserProbe(options);

class BrowserProbe implements Probe {
  readonly kind = 'browser';
  readonly #url: string;
  #browser: Browser | null = null;
  #ticks = 0;
  #loading: Promise<void> | null = null;
  #readings: Reading[] = [];

  constructor({ address }: ProbeOptions) {
    this.#url = address;
  }

  async open(): Promise<string> {
    const executablePath = findBrowser();
    if (executablePath === null) throw refused('there is no browser on this machine', 'Install Chromium or Chrome, or name one with SCALEPLAN_BROWSER.');
    const { chromium } = await import('playwright-core').catch((error: unknown) => {
      throw refused('the package playwright-core is not installed', 'Install it beside scaleplan: npm install playwright-core', error);
    });
    try {
      this.#browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-dev-shm-usage'] });
    } catch (error) {
      throw refused(`${executablePath} does not start`, 'Start it by hand with --headless to see why.', error);
    }
    return `${this.#browser.browserType().name()} ${this.#browser.version()}`;
  }

  /** A page may load longer than a tick lasts: it loads on its own, and the next tick tells of it. */
  async read(): Promise<readonly Reading[]> {
    if (this.#browser === null || !this.#browser.isConnected()) throw refused('the browser has ended', 'Its own crash reports may say why.');
    if (this.#ticks % TICKS_BETWEEN_PAGES === 0 && this.#loading === null) {
      this.#loading = this.#load(this.#browser).finally(() => {
        this.#loading = null;
      });
    }
    this.#ticks += 1;
    return this.#readings.splice(0);
  }

  async close(): Promise<void> {
    await this.#browser?.close().catch(() => {});
    this.#browser = null;
  }

  async #load(browser: Browser): Promise<void> {
    const context = await browser.newContext().catch(() => null);
    if (context === null) return;
    try {
      const page = await context.newPage();
      this.#readings.push({ metric: 'service.page_load', value: await loadTimeMs(page, this.#url), instance: new URL(this.#url).pathname });
    } catch {
      // The browser was closed under the page: there is nothing to tell.
    } finally {
      await context.close().catch(() => {});
    }
  }
}

/** From the start of the navigation to the end of the page's load event, in ms; a page that fails or never ends counts as the limit. */
async function loadTimeMs(page: Page, url: string): Promise<number> {
  const startedAtMs = performance.now();
  try {
    const response = await page.goto(url, { waitUntil: 'load', timeout: PAGE_LIMIT_MS });
    if (response === null || response.status() >= 400) return PAGE_LIMIT_MS;
  } catch (error) {
    if (page.isClosed()) throw error;
    return PAGE_LIMIT_MS;
  }
  return performance.now() - startedAtMs;
}

function refused(message: string, hint: string, cause?: unknown): ScaleplanError {
  return new ScaleplanError('probe-refused', message, { hint, cause });
}
