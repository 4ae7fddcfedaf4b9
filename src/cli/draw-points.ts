const MOST_COLUMNS = 60;
const FEWEST_COLUMNS = 20;
const ROWS = 14;
/** The figures of the upright axis, and the axis. */
const MARGIN = 10;

/** Points (●) and a curve (·) as lines of text no wider than `width`, both axes from 0. */
export function drawPoints(points: readonly (readonly [x: number, y: number])[], curve: (x: number) => number, mostX: number, width: number): string[] {
  const columns = Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, width - MARGIN));
  const xs = Array.from({ length: columns }, (_, column) => (mostX * (column + 0.5)) / columns);
  const mostY = [...points.map(([, y]) => y), ...xs.map(curve).filter(Number.isFinite)].reduce((a, b) => Math.max(a, b), 0) * 1.05;
  const grid = Array.from({ length: ROWS }, () => Array.from({ length: columns }, () => ' '));
  const put = (x: number, y: number, sign: string): void => {
    const row = ROWS - 1 - Math.floor((y / mostY) * ROWS);
    const cells = grid[row];
    const column = Math.min(columns - 1, Math.floor((x / mostX) * columns));
    if (cells !== undefined && column >= 0) cells[column] = sign;
  };
  for (const x of xs) put(x, curve(x), '·');
  for (const [x, y] of points) put(x, y, '●');
  const label = (row: number): string => (row === 0 ? short(mostY) : row === ROWS - 1 ? '0' : '').padStart(8);
  return [...grid.map((cells, row) => `${label(row)} │${cells.join('').trimEnd()}`), `${' '.repeat(9)}└${'─'.repeat(columns)}`, `${' '.repeat(10)}0${short(mostX).padStart(columns - 1)}`];
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}
