import type { Difference } from '../model/comparison.ts';
import type { Contrast } from './contrast.ts';
import { decide, isRiseHarmful } from './decide.ts';
import { familyWise, type FamilyTest } from './family.ts';

/** A contrast with the change that matters for it: a share, or percentage points for error rates. */
export interface JudgeableContrast extends Contrast {
  readonly margin: number;
}

/** All figures of a comparison as one family. `common`: how far their residuals show what they have in common, 0 … 1. */
export function judgeFamily(contrasts: readonly JudgeableContrast[], common: number, level: number): Difference[] {
  const freedom = Math.min(MOST_FREEDOM, ...contrasts.map((one) => one.freedom));
  const probabilities = (harm: boolean): number[] => familyWise(contrasts.map((one) => testOf(one, isRiseHarmful(one) === harm)), { freedom, common });
  const [worse, better] = [probabilities(true), probabilities(false)];
  return contrasts.map((contrast, at) => decide({ contrast, pWorse: worse[at] ?? 1, pBetter: better[at] ?? 1, margin: contrast.margin, level }));
}

/** A Student t of so many degrees of freedom is a normal distribution. */
const MOST_FREEDOM = 1000;

function testOf({ pRise, pFall, echo }: Contrast, isRise: boolean): FamilyTest {
  return isRise ? { p: pRise, echo } : { p: pFall, echo: echo?.map((value) => -value) ?? null };
}
