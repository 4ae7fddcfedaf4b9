import { escape } from './escape.ts';

export interface Column {
  readonly name: string;
  /** Set right, so that digits stand under one another. */
  readonly isFigure?: boolean;
}

/** A table that scrolls on its own where the page is narrow. Cells are HTML already. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const kind = (index: number): string => (columns[index]?.isFigure ? ' class="figure"' : '');
  const head = columns.map(({ name }, index) => `<th scope="col"${kind(index)}>${escape(name)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell, index) => `<td${kind(index)}>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(caption)}"><table><caption>${escape(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>`;
}
