import { StringDecoder } from 'node:string_decoder';

/** One second of an engine's intervals is a few hundred KB at most; what is longer is a runaway, not a message. */
const LONGEST_LINE = 4_000_000;

/** Splits a byte stream into lines without their ends. A line of more than 4 million characters is cut there, its rest dropped. */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  // Parts are joined once a line is whole: adding to one long string for every chunk would cost the square of its length.
  let parts: string[] = [];
  let length = 0;
  const add = (text: string): void => {
    const kept = text.slice(0, Math.max(0, LONGEST_LINE - length));
    if (kept === '') return;
    parts.push(kept);
    length += kept.length;
  };
  const take = (): string => {
    const line = parts.join('');
    parts = [];
    length = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  for await (const chunk of stream) {
    const text = decoder.write(chunk);
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      add(text.slice(from, to));
      from = to + 1;
      yield take();
    }
    add(text.slice(from));
  }
  add(decoder.end());
  if (length > 0) yield take();
}
