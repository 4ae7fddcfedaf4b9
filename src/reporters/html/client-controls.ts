/// <reference lib="dom" />
import { sayClock, sayValueAt, type Plot } from './client-plot.ts';
import type { ChartData, Panel } from './panels.ts';

/** Buttons that move the window of all charts at once. */
export function wireZoom(data: ChartData, plots: () => readonly Plot[]): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-zoom]')) {
    button.addEventListener('click', () => zoom(button.dataset['zoom'] ?? 'all', data, plots()));
  }
}

/** By half towards the middle, by as much away from it, by half a window to either side, or all of it. */
export function zoom(action: string, data: ChartData, plots: readonly Plot[]): void {
  const [first, last] = [data.seconds[0] ?? 0, (data.seconds.at(-1) ?? 0) + data.secondsPerPoint];
  const { min, max } = plots[0]?.scales.x ?? {};
  const [from, to] = [min ?? first, max ?? last];
  const width = to - from;
  const wanted: Readonly<Record<string, readonly [number, number]>> = {
    in: [from + width / 4, to - width / 4], out: [from - width / 2, to + width / 2], back: [from - width / 2, to - width / 2], forth: [from + width / 2, to + width / 2],
  };
  const [start, end] = wanted[action] ?? [first, last];
  const length = Math.min(last - first, Math.max(4 * data.secondsPerPoint, end - start));
  const begin = Math.max(first, Math.min(start, last - length));
  for (const plot of plots) plot.setScale('x', { min: begin, max: begin + length });
}

/** Arrow keys move the cursor of all charts and say what stands there; + and - zoom, Escape shows the whole run. */
export function wireKeys(holder: HTMLElement, panel: Panel, data: ChartData, plot: Plot, plots: () => readonly Plot[]): void {
  const said = document.createElement('p');
  said.className = 'said-now';
  said.setAttribute('role', 'status');
  holder.append(said);
  holder.tabIndex = 0;
  holder.setAttribute('role', 'group');
  holder.setAttribute('aria-label', `${panel.title}: arrow keys move the cursor, plus and minus zoom`);
  holder.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const action = { '+': 'in', '-': 'out', Escape: 'all' }[event.key];
    if (event.target !== holder || (step === undefined && action === undefined)) return;
    event.preventDefault();
    if (action !== undefined) return zoom(action, data, plots());
    const at = Math.max(0, Math.min(data.seconds.length - 1, (plot.cursor.idx ?? -1) + (step ?? 0)));
    plot.setCursor({ left: plot.valToPos(data.seconds[at] ?? 0, 'x'), top: 10 }, true, true);
    said.textContent = [sayClock(data.seconds[at] ?? 0), ...panel.lines.map(({ label, values }) => `${label} ${sayValueAt(values[at])}`)].join(', ');
  });
}

/** A name in the legend is a button: it hides its line, by mouse or by key. */
export function wireLegend(holder: HTMLElement): void {
  for (const [index, row] of [...holder.querySelectorAll<HTMLElement>('.u-legend .u-series')].entries()) {
    const name = row.querySelector<HTMLElement>('th');
    if (index === 0 || !name) continue;
    name.tabIndex = 0;
    name.setAttribute('role', 'button');
    const tell = (): void => name.setAttribute('aria-pressed', String(!row.classList.contains('u-off')));
    tell();
    name.addEventListener('click', () => setTimeout(tell));
    name.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      name.click();
    });
  }
}

/** The table behind a chart is made when somebody opens it: most never are. */
export function wireTables(data: ChartData): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details.data')) {
    details.addEventListener('toggle', () => {
      const panel = data.panels.find(({ id }) => id === details.dataset['chart']);
      if (panel && details.open && details.querySelector('table') === null) details.append(tableOf(panel, data));
    });
  }
}

/** A row for each point; where it stands for several seconds their mean, lowest and highest. */
export function tableOf(panel: Panel, data: ChartData): HTMLElement {
  const columns = panel.lines.flatMap(({ label, values, low, high }) => [
    { label: low ? `${label}, mean` : label, values }, ...(low ? [{ label: 'lowest', values: low }] : []), ...(high ? [{ label: 'highest', values: high }] : []),
  ]);
  const table = document.createElement('table');
  const put = (row: HTMLTableRowElement, kind: 'th' | 'td', text: string): void => {
    const cell = document.createElement(kind);
    cell.className = 'figure';
    if (kind === 'th') cell.setAttribute('scope', 'col');
    cell.textContent = text;
    row.append(cell);
  };
  const head = table.createTHead().insertRow();
  for (const text of ['at', ...columns.map(({ label }) => label)]) put(head, 'th', text);
  const body = table.createTBody();
  for (const [at, second] of data.seconds.entries()) {
    const row = body.insertRow();
    for (const text of [sayClock(second), ...columns.map(({ values }) => sayValueAt(values[at]))]) put(row, 'td', text);
  }
  const scroll = document.createElement('div');
  scroll.className = 'scroll tall';
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', `Figures: ${panel.title}`);
  scroll.append(table);
  return scroll;
}

/** The whole report, or one table, as Markdown for a chat or a ticket. */
export function wireCopy(markdown: string): void {
  const verdict = document.querySelector('.verdict');
  if (verdict) verdict.append(copyButton('Copy as Markdown', () => markdown));
  for (const scroll of document.querySelectorAll<HTMLElement>('.scroll')) {
    const table = scroll.querySelector('table');
    if (table) scroll.before(copyButton('Copy table', () => tableMarkdown(table), `Copy table ${table.caption?.textContent ?? ''}`));
  }
}

export function copyButton(text: string, content: () => string, label = text): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = text;
  button.setAttribute('aria-label', label);
  button.addEventListener('click', () => {
    const tell = (said: string): void => {
      button.textContent = said;
      setTimeout(() => { button.textContent = text; }, 2000);
    };
    copy(content()).then(() => tell('Copied'), () => tell('Could not copy'));
  });
  return button;
}

/** Where the clipboard is not to be had, as in a page within another, the old way by a selection. */
export async function copy(text: string): Promise<void> {
  const written = await navigator.clipboard.writeText(text).then(() => true, () => false);
  if (written) return;
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- there is no other way left
  const isDone = document.execCommand('copy');
  area.remove();
  if (!isDone) throw new Error('not allowed');
}

export function tableMarkdown(table: HTMLTableElement): string {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => (cell.innerText || cell.textContent).replace(/\s+/g, ' ').trim().replaceAll('|', '\\|')));
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
