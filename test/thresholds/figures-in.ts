import { readAddress, readLines } from '../../src/model/address.ts';
import { readQuantity } from '../../src/model/quantity.ts';

/** A figure in its canonical unit, both ends of a range apart: `500 ms`, `0.5 s` and `100-500 ms` all hold `500 ms`. */
export type Figure = string;

/** Every figure of a text; the digits of a name (`p95`, `phase2`) are none. */
export function figuresIn(text: string): readonly Figure[] {
  return [...text.matchAll(FIGURE)].flatMap(([found]) => {
    const quantity = readQuantity(found) ?? readQuantity(found.replace(/\s?(?:%|[A-Za-zµ]*\/[A-Za-z]+|[A-Za-zµ]+)$/, ''));
    if (quantity === null) return [found];
    const ends = quantity.max === null ? [quantity.min] : [quantity.min, quantity.max];
    return [...new Set(ends)].map((end) => `${Number(end.toPrecision(12))} ${quantity.unit}`);
  });
}

const NUMBER = String.raw`\$?\d+(?:,\d{3})*(?:\.\d+)?(?:[KM](?![A-Za-z]))?`;
const FIGURE = new RegExp(String.raw`(?<![\w.@-])${NUMBER}(?:\s?[-–]\s?${NUMBER})?\+?(?:\s?(?:%|[A-Za-zµ]*\/[A-Za-z]+|[A-Za-zµ]+))?`, 'gu');

/** A text or number of a plan file, with the lines it cites itself or stands under. */
export interface Entry {
  readonly path: string;
  readonly lines: readonly number[];
  readonly figures: readonly Figure[];
  /** It stands in a map that names no line but an assumption: a figure of ours, with its reason. */
  readonly assumed: boolean;
}

/** Everything in a plan file that may carry a figure of its document; ids and explanations of our own are left out. */
export function entriesOf(value: unknown, around: Pick<Entry, 'lines' | 'path' | 'assumed'> = { lines: [], path: '', assumed: false }): readonly Entry[] {
  const { path, lines, assumed } = around;
  if (typeof value === 'string' || typeof value === 'number') {
    const { text, lines: own } = readAddress(String(value));
    return [{ path, lines: own.length > 0 ? own : assumed ? [] : lines, figures: figuresIn(text), assumed: assumed && own.length === 0 }];
  }
  if (Array.isArray(value)) return value.flatMap((entry, index) => entriesOf(entry, { ...around, path: `${path}[${index}]` }));
  if (typeof value !== 'object' || value === null) return [];
  const at = 'at' in value && (typeof value.at === 'string' || typeof value.at === 'number') ? readLines(String(value.at)) : null;
  // A condition with a line rests on the assumption only in how it is read.
  const inside = { lines: at ?? lines, assumed: at === null && (assumed || 'assumes' in value) };
  return Object.entries(value).filter(([key]) => !OURS.has(key)).flatMap(([key, entry]) => entriesOf(entry, { ...inside, path: `${path}.${key}` }));
}

const OURS: ReadonlySet<string> = new Set(['at', 'id', 'reason', 'assumes', 'document', 'steps', 'omitted', 'assumptions']);
