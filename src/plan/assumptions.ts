import type { Assumption } from '../model/plan.ts';

/** The share of the asked rate that must be completed where a document names no throughput. */
export const COMPLETED_SHARE = 0.95;

/** What scaleplan assumes in every plan; a plan that words one itself, by the same id, keeps its own wording. */
const BUILT_IN: readonly Assumption[] = [
  {
    id: 'completed-share', source: null,
    text: `Where the document gives a phase no throughput, at least ${COMPLETED_SHARE * 100} % of the requests asked for must be completed.`,
    reason: 'A system that answers quickly by answering fewer requests than were sent does not carry the phase; one in twenty is left to the noise of a short run.',
  },
];

export function withBuiltInAssumptions(own: readonly Assumption[]): readonly Assumption[] {
  return [...own, ...BUILT_IN.filter(({ id }) => !own.some((assumption) => assumption.id === id))];
}
