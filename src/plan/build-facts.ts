import type { Source } from '../model/condition.ts';
import type { PlanFileFacts } from '../model/plan-file.ts';
import { readQuantity } from '../model/quantity.ts';
import type { Citer } from './citer.ts';

/** Named figures of the document: in canonical units where they are figures, as text where they are not, each with its address. */
export function buildFacts(
  entries: PlanFileFacts, cite: Citer, around: Source | null = null,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, typeof entry === 'object' ? buildFacts(entry, cite, around) : buildFact(entry, cite, around)]));
}

function buildFact(written: string | number, cite: Citer, around: Source | null): Readonly<Record<string, unknown>> {
  const { text, source } = cite.text(String(written), around);
  const quantity = readQuantity(text);
  return quantity === null ? { text, source } : { ...quantity, text, source };
}
