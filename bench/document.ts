import { readFile, writeFile } from 'node:fs/promises';

const FILE = new URL('../docs/measurements.md', import.meta.url);

/** Puts what a bench found between its marks, where it has any; everything else in the document is written by hand. */
export async function writeMeasurements(name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`];
  const document = await readFile(FILE, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) return;
  await writeFile(FILE, `${document.slice(0, from + begin.length)}\n${text.trim()}\n${document.slice(to)}`);
}
