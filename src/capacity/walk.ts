import type { Condition } from '../model/condition.ts';
import type { Source } from '../model/condition.ts';
import type { Decision, DecisionTree } from '../model/plan.ts';

/** What is known of a question: its answer, or null with what it takes to answer it. */
export interface Answer {
  readonly holds: boolean | null;
  /** What was seen, or what is missing, in words. */
  readonly told: string;
}

/** One question that was asked on the way. */
export interface DecisionStep {
  readonly question: string;
  readonly source: Source | null;
  readonly answer: 'yes' | 'no' | 'unknown';
  readonly told: string;
}

/** The way through a tree. Where an answer is missing it ends before an outcome. */
export interface Walk {
  readonly id: string;
  readonly title: string;
  readonly source: Source | null;
  readonly steps: readonly DecisionStep[];
  readonly outcome: { readonly text: string; readonly source: Source | null } | null;
}

/** Walks a decision tree from its root, asking `answer` each question on the way and no other. */
export function walkTree(tree: DecisionTree, answer: (question: Condition) => Answer): Walk {
  const steps: DecisionStep[] = [];
  let at: Decision = tree.root;
  while ('ask' in at) {
    const { holds, told } = answer(at.ask);
    steps.push({ question: at.ask.text, source: at.ask.source, answer: holds === null ? 'unknown' : holds ? 'yes' : 'no', told });
    if (holds === null) return { id: tree.id, title: tree.title, source: tree.source, steps, outcome: null };
    at = holds ? at.yes : at.no;
  }
  return { id: tree.id, title: tree.title, source: tree.source, steps, outcome: { text: at.outcome, source: at.source } };
}
