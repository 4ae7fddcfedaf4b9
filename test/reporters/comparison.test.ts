import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Chalk } from 'chalk';
import type { Comparison, Difference } from '../../src/model/comparison.ts';
import { comparisonLines } from '../../src/reporters/comparison.ts';
import { comparisonMarkdown } from '../../src/reporters/comparison-markdown.ts';
import { widthOf } from '../../src/reporters/layout.ts';

const difference = (more: Partial<Difference>): Difference => ({
  scope: { suite: 'load' }, metric: 'http.p95', base: 612.4, head: 734.9, changePercent: { low: 9.14, mid: 20, high: 31.8 }, status: 'worse', pWorse: 0.001, pBetter: 1,
  reason: 'by chance in 1 of 1,000 comparisons', need: null, ...more,
});
const open = difference({
  scope: { suite: 'load', journey: 'content-browsing' }, metric: 'http.throughput', status: 'cannot-tell', reason: 'a change of 5 % cannot be ruled out', need: { runsPerSide: 9, timesAsLong: null },
});
const comparison = (more: Partial<Comparison>): Comparison => ({
  kind: 'runs', comparable: true, reasons: [], notes: [], base: ['20260101T000000Z-shop-phase1-a1b2'], head: ['c', 'd'], thresholdPercent: 5, method: 'the method',
  differences: [difference({}), open, difference({ metric: 'http.error_rate', base: 0, head: 0.02, changePercent: { low: -0.05, mid: 0.02, high: 0.09 }, status: 'same' })], ...more,
});
const lines = (given: Comparison, columns = 80): string[] => comparisonLines(given, { chalk: new Chalk({ level: 0 }), columns });

describe('a comparison on a terminal', () => {
  it('fits 80 columns: figures, change with bounds, verdict, what would tell', () => {
    const text = lines(comparison({}));
    assert.ok(text.every((line) => widthOf(line) <= 80), text.join('\n'));
    assert.match(text.join('\n'), /all p95 +612 ms +735 ms +\+20 % \(\+9\.1 to \+31\.8\) +worse/);
    assert.match(text.join('\n'), /all error rate +0 % +0\.02 % +\+0\.02 pt/);
    assert.match(text.join(' '), /About 9 runs a side would tell; longer ones\s+would not help/);
  });

  it('stays within a narrow one', () => {
    assert.ok(lines(comparison({}), 50).every((line) => widthOf(line) <= 50));
  });

  it('says first what forbids it', () => {
    const text = lines(comparison({ comparable: false, reasons: ['cores: 2 against 8'], differences: [], method: '' })).join('\n');
    assert.match(text, /^Not comparable[\s\S]*differs {2}cores: 2 against 8/);
  });

  it('does not let a journey’s name move the cursor', () => {
    assert.ok(lines(comparison({ differences: [difference({ scope: { suite: 'load', journey: '\u001b[2Jgone' } })] })).every((line) => !line.includes('\u001b')));
  });
});

describe('a comparison as Markdown', () => {
  it('is a table that names from a scenario cannot leave', () => {
    const text = comparisonMarkdown(comparison({ differences: [difference({ scope: { suite: 'load', journey: 'a|b <img src=x> @all [x](http://y)\n# z' } })] }));
    const row = text.split('\n').find((line) => line.includes('worse |')) ?? '';
    assert.equal(row.replaceAll(String.raw`\|`, '').split('|').length, 8, row);
    assert.doesNotMatch(text, /<img|@all|[^\\]\[x\]|\n# z/);
  });

  it('folds away what did not change', () => {
    assert.match(comparisonMarkdown(comparison({})), /2 figures without a proven change<\/summary>/);
  });
});
