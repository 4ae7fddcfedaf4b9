/** A text of a plan file and the lines of the document it was taken from. */
interface Addressed {
  readonly text: string;
  readonly lines: readonly number[];
}

/** Splits `1-2 weeks @49` into the text and its lines; `@239,242` and `@311-315` name several. Without `@` there are none. */
export function readAddress(written: string): Addressed {
  const match = /^(.*?)(?:^|\s+)@(\d+(?:-\d+)?(?:,\s?\d+(?:-\d+)?)*)$/s.exec(written.trim());
  if (match === null) return { text: written.trim(), lines: [] };
  return { text: (match[1] ?? '').trim(), lines: readLines(match[2] ?? '') };
}

/** `49`, `239,242` or `311-315` as single lines. A span longer than a document's page is a slip and stays one line. */
export function readLines(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    const count = last - first + 1;
    return count > 1 && count <= 200 ? Array.from({ length: count }, (_, index) => first + index) : [first];
  });
}
