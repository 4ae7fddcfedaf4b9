import type { Assumption, Note, Plan } from '../model/plan.ts';

/** The assumptions of these ids, in words; an id that the plan does not word is left out. */
export function assumptionsNamed(plan: Pick<Plan, 'assumptions'>, ids: readonly string[]): readonly Assumption[] {
  return ids.flatMap((id) => plan.assumptions.find((assumption) => assumption.id === id) ?? []);
}

/** What must be taken for granted to believe what is said, each time it is said for the first time. */
export type TellAssumptions = (ids: readonly string[]) => readonly string[];

export function createTeller(plan: Pick<Plan, 'assumptions'>): TellAssumptions {
  const told = new Set<string>();
  return (ids) => assumptionsNamed(plan, ids).filter(({ id }) => !told.has(id)).map(({ id, text }) => {
    told.add(id);
    return `assumed: ${text}`;
  });
}

/** A criterion that no measurement decides, with its line in the document. */
export function sayCriterion({ text, source }: Note): string {
  return source === null ? text : `${text} (line ${source.line})`;
}
