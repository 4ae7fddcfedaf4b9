import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { secondsToNextNativePage, secondsToNextPage } from '../../src/probes/page-cadence.ts';

/** What a page of Node costs the application, in ms of CPU, as measured; between them by a straight line. */
const MEASURED: readonly { readonly bytes: number; readonly atRestMs: number; readonly atWorkMs: number }[] = [
  { bytes: 86, atRestMs: 1.04, atWorkMs: 0.27 }, { bytes: 8205, atRestMs: 2.37, atWorkMs: 1.05 }, { bytes: 20_602, atRestMs: 2.15, atWorkMs: 1.4 },
  { bytes: 45_645, atRestMs: 2.77, atWorkMs: 2.07 }, { bytes: 133_392, atRestMs: 5.13, atWorkMs: 3.56 },
];

describe('how often a page of metrics is read', () => {
  it('costs the application less than 2 ms of CPU a second at every size that was measured', () => {
    for (const { bytes, atRestMs, atWorkMs } of MEASURED) {
      assert.ok(atRestMs / secondsToNextPage({ bytes, isAtWork: false }) < 2, `${bytes} bytes at rest`);
      assert.ok(atWorkMs / secondsToNextPage({ bytes, isAtWork: true }) < 2, `${bytes} bytes at work`);
    }
  });

  it('an application at work is read each second up to forty kilobytes, as is a small page at any time', () => {
    assert.equal(secondsToNextPage({ bytes: 30_000, isAtWork: true }), 1);
    assert.equal(secondsToNextPage({ bytes: 30_000, isAtWork: false }), 2);
    assert.equal(secondsToNextPage({ bytes: 3000, isAtWork: false }), 1);
  });

  it('is never more seldom than every five seconds, however large the page', () => {
    assert.equal(secondsToNextPage({ bytes: 16e6, isAtWork: false }), 5);
    assert.equal(secondsToNextNativePage(16e6), 5);
  });

  it('a server in native code is read each second until hundreds of collections stand on its page', () => {
    assert.deepEqual([14_000, 65_536, 100_000].map(secondsToNextNativePage), [1, 1, 2]);
  });
});
