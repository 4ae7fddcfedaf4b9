/** What stands behind a flag of `npm run bench -- NAME …`; undefined where it does not. */
export function flagOf(name: string, pieces: readonly string[]): string | undefined {
  const at = pieces.indexOf(name);
  return at < 0 ? undefined : pieces[at + 1];
}
