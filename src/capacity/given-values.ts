import { comparisonsOf, type Comparison, type Condition, type Operator } from '../model/condition.ts';
import { formatValue } from '../model/units.ts';
import type { Answer } from './walk.ts';

/** Values of metrics as somebody gives them, in the metrics' units. */
export type GivenValues = ReadonlyMap<string, number>;

/** Answers a question from given values; how long they lasted is taken for granted, and said so. */
export function answerFrom(values: GivenValues, question: Condition): Answer {
  const answers = comparisonsOf(question).map((one) => answerOne(values, one));
  const told = answers.map((answer) => answer.told).join('; ');
  if (answers.some(({ holds }) => holds === true)) return { holds: true, told };
  return { holds: answers.some(({ holds }) => holds === null) ? null : false, told };
}

function answerOne(values: GivenValues, asked: Comparison): Answer {
  const value = values.get(asked.metric);
  if (value === undefined) return { holds: null, told: `${asked.metric} was not given` };
  if (asked.relativeTo !== null) return { holds: null, told: `${asked.metric} is held against the ${asked.relativeTo}, which a single value does not have` };
  const lasted = asked.forSeconds === null && asked.inSeconds === null ? '' : ', taken to last';
  return { holds: isSo(value, asked.op, asked.value), told: `${asked.metric} is ${formatValue(value, asked.unit).replace(' /', '/')}${lasted}` };
}

function isSo(value: number, op: Operator, limit: number): boolean {
  switch (op) {
    case '<': return value < limit;
    case '<=': return value <= limit;
    case '>': return value > limit;
    case '>=': return value >= limit;
    case '==': return value === limit;
  }
}
