import type { Source } from '../model/condition.ts';
import type { PlanFile, PlanFileBranch } from '../model/plan-file.ts';
import type { Decision, DecisionTree } from '../model/plan.ts';
import { buildCondition } from './build-condition.ts';
import type { ConditionContext } from './build-condition.ts';
import type { Path } from './citer.ts';

type TreeEntry = NonNullable<PlanFile['decisionTrees']>[number];

/** A tree of questions; each is a condition, read and cited like any other. */
export function buildTree(entry: TreeEntry, path: Path, context: ConditionContext): DecisionTree {
  const { text: title, source } = context.cite.text(entry.title, context.cite.of(entry.at, null, path), [...path, 'title']);
  return { id: entry.id, title, source, root: buildBranch(entry.root, [...path, 'root'], source, context) };
}

function buildBranch(entry: PlanFileBranch, path: Path, around: Source | null, context: ConditionContext): Decision {
  if (typeof entry === 'string') {
    const { text: outcome, source } = context.cite.text(entry, around, path);
    return { outcome, source };
  }
  const here = context.cite.of(entry.at, around, path);
  return {
    // A question says "look closer here", as a trigger does: it holds or it does not, and neither answer is a failure.
    ask: buildCondition(entry.ask, 'trigger', { path: [...path, 'ask'], around: here }, context),
    yes: buildBranch(entry.yes, [...path, 'yes'], here, context),
    no: buildBranch(entry.no, [...path, 'no'], here, context),
  };
}
