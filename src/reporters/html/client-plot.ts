/// <reference lib="dom" />

/** As much of uPlot as is used by the page. */
export interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: { left: number; top: number; width: number; height: number };
  readonly scales: { readonly x: { readonly min?: number | null; readonly max?: number | null }; readonly y: { readonly max?: number | null } };
  /** `idxs` of the first: the points within the window. */
  readonly series: readonly { readonly show?: boolean; readonly idxs?: readonly [number, number] }[];
  readonly cursor: { readonly idx?: number | null };
  valToPos(value: number, scale: string, isCanvas?: boolean): number;
  setScale(scale: string, range: { min: number; max: number }): void;
  setCursor(place: { left: number; top: number }, isFired: boolean, isPublished: boolean): void;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}

export interface Palette {
  readonly ink: string;
  readonly paper: string;
  readonly grid: string;
  readonly limit: string;
  readonly sign: string;
  readonly lines: readonly string[];
}

/** Minutes and seconds since the run's start, as in timeseries.csv. */
export function sayClock(second: number): string {
  const whole = Math.round(second);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

export function sayFigure(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

export function sayValueAt(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : sayFigure(value);
}
