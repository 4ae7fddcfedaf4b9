import { readAddress } from '../model/address.ts';
import type { Comparison, Condition, ConditionKind, ConditionRole, Source } from '../model/condition.ts';
import { parseCondition } from '../model/grammar.ts';
import type { PlanFileCondition } from '../model/plan-file.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Citer, Path } from './citer.ts';

/** What every condition of a file is built with. */
export interface ConditionContext {
  readonly cite: Citer;
  /** Ids of the plan's assumptions. */
  readonly assumptions: readonly string[];
}

/** Conditions of one list, with kind, address and place. Their grammar has been checked before. */
export function buildConditions(
  entries: readonly PlanFileCondition[] | undefined, kind: ConditionKind, where: { path: Path; around: Source | null }, context: ConditionContext,
): readonly Condition[] {
  return (entries ?? []).map((entry, index) => buildCondition(entry, kind, { ...where, path: [...where.path, index] }, context));
}

export function buildCondition(
  entry: PlanFileCondition, kind: ConditionKind, where: { path: Path; around: Source | null }, context: ConditionContext,
): Condition {
  const { cite } = context;
  const map = typeof entry === 'string' ? { condition: entry } : entry;
  const textPath = typeof entry === 'string' ? where.path : [...where.path, 'condition'];
  const { text } = readAddress(map.condition);
  const { source } = cite.text(map.condition, cite.of(map.at, where.around, where.path), textPath);
  const role: ConditionRole = {
    kind, level: map.level ?? 'fail', required: map.required ?? true, reason: map.reason ?? null,
    text, source, place: cite.place(textPath), assumes: map.assumes ?? [],
  };
  checkAddress(role, textPath, context);
  return joined(comparisonsIn(text), role);
}

function comparisonsIn(text: string): readonly Comparison[] {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`condition was not checked: ${text}`);
  return parsed.comparisons;
}

function joined(comparisons: readonly Comparison[], role: ConditionRole): Condition {
  const [only] = comparisons;
  return only !== undefined && comparisons.length === 1 ? { ...only, ...role } : { anyOf: comparisons, ...role };
}

function checkAddress(role: ConditionRole, path: Path, { cite, assumptions }: ConditionContext): void {
  for (const id of role.assumes) {
    if (!assumptions.includes(id)) cite.fault(path, `unknown assumption "${id}"${didYouMean(id, assumptions)}`);
  }
  if (role.source === null && role.assumes.length === 0 && cite.isDocumented(path)) {
    cite.fault(path, 'no address; expected the line of the document (@41 behind it, or at: 41), or the assumption it rests on');
  }
}
