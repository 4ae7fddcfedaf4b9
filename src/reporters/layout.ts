/** Columns a text takes on a terminal: East Asian letters and emoji take two, combining marks none; colour codes do not count. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text.replace(COLOUR, ''))) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** As much as fits, with an ellipsis where something was left out. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const { segment } of SEGMENTER.segment(text)) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Lines of words no wider than `width`, the first with `first` before it and the others with as much room. Longer words are broken. */
export function wrap(text: string, width: number, first: string): string[] {
  return flow(wordsOf(text), width, first);
}

/** Like `wrap`, but breaks between items as long as they fit a line: a reader should not find half a sign at the end of one. */
export function wrapItems(items: readonly string[], width: number, first: string): string[] {
  const room = width - widthOf(first);
  const separated = items.map((item, at) => (at < items.length - 1 && !item.endsWith(':') ? `${item} ·` : item));
  return flow(separated.flatMap((item) => (widthOf(item) > room ? wordsOf(item) : [item])), width, first);
}

function flow(words: readonly string[], width: number, first: string): string[] {
  const indent = ' '.repeat(widthOf(first));
  const room = Math.max(8, width - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of words.flatMap((one) => broken(one, room))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((one, at) => `${at === 0 ? first : indent}${one.replaceAll('\u00a0', ' ')}`);
}

/** A figure is not parted from its unit. */
function wordsOf(text: string): string[] {
  return text.replace(/(\d) (?=(?:ms|min|s|x|users)\b|%)/g, '$1\u00a0').split(' ');
}

function broken(word: string, room: number): string[] {
  if (widthOf(word) <= room) return [word];
  const parts: string[] = [''];
  for (const { segment } of SEGMENTER.segment(word)) {
    if (widthOf((parts.at(-1) ?? '') + segment) > room) parts.push('');
    parts[parts.length - 1] += segment;
  }
  return parts;
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
// oxlint-disable-next-line no-control-regex -- colour codes begin with the escape character
const COLOUR = /\u001b\[[0-9;]*m/g;
/** Unicode's East Asian Width W and F, as far as scripts and emoji go. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
