import type { MetricName } from './metrics.ts';
import type { Unit } from './unit.ts';

export type { Unit };

export type Operator = '<' | '<=' | '>' | '>=' | '==';
export type Aggregate = 'avg' | 'max' | 'min' | 'p95';
export type ConditionKind = 'threshold' | 'trigger' | 'alert' | 'symptom';

/** Where a figure stands in the document it was taken from. */
export interface Source {
  readonly document: string;
  readonly section: string;
  readonly line: number;
}

/** One comparison of one metric; `text` is what the author wrote. */
export interface Comparison {
  readonly metric: MetricName;
  readonly aggregate: Aggregate | null;
  /** `journey`, `step`, or a label of the metric; empty = everything. */
  readonly scope: Readonly<Record<string, string>>;
  readonly op: Operator;
  /** In `unit`; with `relativeTo` a factor of that base (`3 x reference` → 3, `baseline + 10 %` → 1.1), unit `1`. */
  readonly value: number;
  readonly relativeTo: 'reference' | 'baseline' | null;
  readonly unit: Unit;
  /** Must hold this long without a gap. */
  readonly forSeconds: number | null;
  /** Counted within a sliding window of this length. */
  readonly inSeconds: number | null;
}

/** What the plan says about a condition beyond the comparison. */
export interface ConditionRole {
  readonly kind: ConditionKind;
  readonly level: 'fail' | 'warn';
  readonly required: boolean;
  /** Why it is not required, where it is not. */
  readonly reason: string | null;
  readonly text: string;
  readonly source: Source | null;
  /** Where the condition stands in the plan file, for annotations. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
  /** Ids of assumptions the condition rests on. */
  readonly assumes: readonly string[];
}

export type SingleCondition = Comparison & ConditionRole;
export type AlternativeCondition = { readonly anyOf: readonly Comparison[] } & ConditionRole;
export type Condition = SingleCondition | AlternativeCondition;

export function isAlternative(condition: Condition): condition is AlternativeCondition {
  return 'anyOf' in condition;
}

/** The comparisons a condition consists of: one, or the alternatives joined by `or`. */
export function comparisonsOf(condition: Condition): readonly Comparison[] {
  return isAlternative(condition) ? condition.anyOf : [condition];
}
