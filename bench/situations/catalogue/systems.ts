import type { Situation } from '../situation.ts';

/** What is wrong begins here: early enough to be seen for a while, late enough to have been otherwise before. */
export const AFTER_SECONDS = 4;

/** Long enough for two of the ten-second windows the diagnosis looks at. */
const judgedSeconds = 22;

export const ventures = { application: 'ventures', phase: '2', judgedSeconds } as const satisfies Partial<Situation>;
export const walls = { application: 'walls', phase: '1', judgedSeconds } as const satisfies Partial<Situation>;
export const exchange = { application: 'exchange', phase: '2', ratePerSec: 20, judgedSeconds } as const satisfies Partial<Situation>;
export const honeyjar = { application: 'honeyjar', phase: '2', ratePerSec: 12, judgedSeconds } as const satisfies Partial<Situation>;
export const stolenTee = { application: 'stolen-tee', phase: '1', ratePerSec: 30, judgedSeconds } as const satisfies Partial<Situation>;
