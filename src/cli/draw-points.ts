const COLUMNS = 60;
const ROWS = 14;

/** Points (●) and a curve (·) as lines of text, both axes from 0. */
export function drawPoints(points: readonly (readonly [x: number, y: number])[], curve: (x: number) => number, mostX: number): string[] {
  const xs = Array.from({ length: COLUMNS }, (_, column) => (mostX * (column + 0.5)) / COLUMNS);
  const mostY = Math.max(...points.map(([, y]) => y), ...xs.map(curve).filter(Number.isFinite)) * 1.05;
  const grid = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => ' '));
  const put = (x: number, y: number, sign: string): void => {
    const row = ROWS - 1 - Math.floor((y / mostY) * ROWS);
    const cells = grid[row];
    const column = Math.min(COLUMNS - 1, Math.floor((x / mostX) * COLUMNS));
    if (cells !== undefined && column >= 0) cells[column] = sign;
  };
  for (const x of xs) put(x, curve(x), '·');
  for (const [x, y] of points) put(x, y, '●');
  const label = (row: number): string => (row === 0 ? short(mostY) : row === ROWS - 1 ? '0' : '').padStart(8);
  return [...grid.map((cells, row) => `${label(row)} │${cells.join('').trimEnd()}`), `${' '.repeat(9)}└${'─'.repeat(COLUMNS)}`, `${' '.repeat(10)}0${short(mostX).padStart(COLUMNS - 1)}`];
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}
