import type { Source } from '../model/condition.ts';
import type { PlanFileFacts } from '../model/plan-file.ts';
import { readQuantity } from '../model/quantity.ts';
import type { Citer, Path } from './citer.ts';

/** Named figures of the document: in canonical units where they are figures, as text where they are not, each with its address. */
export function buildFacts(entries: PlanFileFacts, path: Path, cite: Citer, around: Source | null = null): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => {
    const inside = [...path, name];
    return [name, typeof entry === 'object' ? buildFacts(entry, inside, cite, around) : buildFact(entry, inside, cite, around)];
  }));
}

function buildFact(written: string | number, path: Path, cite: Citer, around: Source | null): Readonly<Record<string, unknown>> {
  const { text, source } = cite.text(String(written), around, path);
  const quantity = readQuantity(text);
  return quantity === null ? { text, source } : { ...quantity, text, source };
}
