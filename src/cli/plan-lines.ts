import type { Condition, Source } from '../model/condition.ts';
import type { Decision, Note, Range } from '../model/plan.ts';
import { wrap } from '../reporters/layout.ts';

/** Lines for a reader of plans: each fact with its line in the document, none wider than the screen. */
export function item(text: string, source: Source | null, columns: number, first = '  '): string[] {
  return wrap(`${text}${address(source)}`, columns, first);
}

export function conditionLines(condition: Condition, columns: number, more = ''): string[] {
  const rests = condition.assumes.length > 0 ? ` (assumes ${condition.assumes.join(', ')})` : '';
  const optional = condition.required ? '' : `; not required: ${condition.reason ?? ''}`;
  const warns = condition.level === 'warn' ? '; warns only' : '';
  return item(`${condition.text}${more}${warns}${optional}${rests}`, condition.source, columns);
}

export function noteLines({ text, source, figures }: Note, columns: number): string[] {
  return [...item(text, source, columns), ...(figures === undefined ? [] : factLines(figures, columns, '    '))];
}

/** Named figures, group by group, as the document writes them. */
export function factLines(facts: Readonly<Record<string, unknown>>, columns: number, first = '  '): string[] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    if (isFact(fact)) return item(`${name}: ${fact.text}`, fact.source, columns, first);
    return isMap(fact) ? [`${first}${name}`, ...factLines(fact, columns, `${first}  `)] : [];
  });
}

/** A tree of questions; what follows from an answer stands further to the right. */
export function decisionLines(decision: Decision, columns: number, first = '  '): string[] {
  if ('outcome' in decision) return item(`→ ${decision.outcome}`, decision.source, columns, first);
  const branch = (answer: string, next: Decision): string[] => ('outcome' in next
    ? item(`${answer} → ${next.outcome}`, next.source, columns, `${first}  `)
    : [`${first}  ${answer}`, ...decisionLines(next, columns, `${first}    `)]);
  return [...item(`${decision.ask.text}?`, decision.ask.source, columns, first), ...branch('yes', decision.yes), ...branch('no', decision.no)];
}

export function address(source: Source | null): string {
  return source === null ? '' : ` (line ${source.line})`;
}

/** `500–2,000`, `10,000+`, `2`. */
export function range({ min, max }: Range): string {
  const [low, high] = [min.toLocaleString('en-US'), max?.toLocaleString('en-US')];
  if (high === undefined) return `${low}+`;
  return low === high ? low : `${low}–${high}`;
}

function isFact(value: unknown): value is { readonly text: string; readonly source: Source | null } {
  return isMap(value) && 'text' in value && typeof value['text'] === 'string' && 'source' in value;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
