import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetBy } from '../../src/cli/stress-times.ts';
import type { StageEvidence } from '../../src/stress/evidence.ts';
import { nextStage, type SearchSettings } from '../../src/stress/search.ts';

const settings: Omit<SearchSettings, 'budgetSeconds'> = { startLoad: 16, leastLoad: 1, mostLoad: Infinity, confirmSeconds: () => 60 };
const held = (load: number): StageEvidence => ({ load, purpose: 'climb', goals: [{ goal: 'p95', breakChance: 0.02, state: 'holds' }], isGeneratorLimit: false, isHarmful: false, seconds: 16, answered: load, made: load });

describe('the budget of a search', () => {
  it('trap: what is waited for between the stages is gone as well', () => {
    const stages = [16, 32, 64].map(held);
    // 3 × 16 s of stages and 3 × 10 s of settling, of 100 s.
    const next = nextStage({ ...settings, budgetSeconds: budgetBy(100 - 48 - 30, stages) }, stages);
    assert.ok(next.do === 'end' || next.mostSeconds <= 22, JSON.stringify(next));
  });
});
