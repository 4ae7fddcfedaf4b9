import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { pages, skip } from './open-page.ts';
import { stressReport } from './stress-report.ts';

const require = createRequire(import.meta.url);
const opened = pages('scaleplan-stress-', []);

test('the charts of a breaking point are seen in a browser, and the page does not scroll sideways at 360 pixels', { skip }, async () => {
  await opened(stressReport(), { viewport: { width: 360, height: 740 } }, async (page, faults) => {
    const law = await page.locator('path.law').first().boundingBox();
    assert.ok(law !== null && law.width > 100 && law.height > 30, JSON.stringify(law));
    assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]), [360, 360]);
    assert.deepEqual(faults, []);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on it in the ${colorScheme}`, { skip }, async () => {
    const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
    // The page's own policy lets nobody put a script into it; the test may.
    await opened(stressReport(), { colorScheme, bypassCSP: true }, async (page) => {
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } }).axe.run();
        return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      });
      assert.deepEqual(found, []);
    });
  });
}
