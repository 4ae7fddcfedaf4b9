import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readPoints } from '../../capacity/read-points.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { wrap } from '../../reporters/layout.ts';
import { fitScalability, type ScalabilityFit } from '../../stats/usl.ts';
import { throughputAt, type LoadPoint } from '../../stats/usl-law.ts';
import { drawPoints } from '../draw-points.ts';
import type { Host } from '../host.ts';

/** `scaleplan capacity fit`: read a table, fit the law, say what it means and what it does not. */
export async function capacityFit(file: string, flags: { readonly json?: boolean }, host: Host): Promise<ExitCode> {
  const text = await readFile(resolve(host.cwd, file), 'utf8').catch((error: unknown) => {
    throw new ScaleplanError('wrong-usage', `${file} cannot be read.`, { hint: 'Name a CSV with the columns load and throughput.', cause: error });
  });
  const points = readPoints(file, text);
  const fit = fitScalability(points)?.fit;
  if (fit === undefined) throw new ScaleplanError('wrong-usage', `${file} has too few different loads: three coefficients and their scatter need four.`, { hint: 'Measure at least four loads, better six, up to where throughput stops growing.' });
  host.out.write(flags.json ? `${JSON.stringify({ model: 'usl', ...fit }, null, 2)}\n` : table(file, points, fit, host));
  return EXIT.passed;
}

function table(file: string, points: readonly LoadPoint[], fit: ScalabilityFit, { out }: Host): string {
  const { alpha, beta, gamma, standardErrors: errors, r2, peak, points: { used, leftOut } } = fit;
  const columns = out.columns();
  const row = (name: string, value: number, error: number, meaning: string): string[] => wrap(`${name}  ${value.toPrecision(6).padEnd(12)} ± ${error.toPrecision(2).padEnd(9)} ${meaning}`, columns, '  ');
  const most = points.reduce((a, { load }) => Math.max(a, load), peak?.load ?? 0);
  const from = `fitted to ${used} points of ${file}${leftOut === 0 ? '' : ` (${leftOut} left out, without a load or a throughput)`}`;
  return [
    ...wrap(`X(N)\u00a0=\u00a0γN\u00a0/\u00a0(1\u00a0+\u00a0α(N\u00a0−\u00a01)\u00a0+\u00a0βN(N\u00a0−\u00a01)), ${from}`, columns, '').map((line) => out.chalk.bold(line)), '',
    ...row('α', alpha, errors.alpha, 'contention: what cannot be done side by side'),
    ...row('β', beta, errors.beta, 'coherency: what every pair costs'),
    ...row('γ', gamma, errors.gamma, 'throughput of one'),
    ...fit.heldAtZero.flatMap(({ coefficient, value, standardError }) => wrap(`${coefficient === 'alpha' ? 'α' : 'β'} came out at ${value.toPrecision(2)} ± ${standardError.toPrecision(2)} and is held at 0`, columns, '  ')),
    `  R² ${r2.toFixed(4)}`, '',
    ...sayPeak(fit).flatMap((line) => wrap(line, columns, '')), '',
    ...drawPoints(points.map(({ load, throughput }) => [load, throughput] as const), (load) => throughputAt(load, [alpha, beta, gamma]), most * 1.1, columns), '',
  ].join('\n');
}

/** The peak with its 90 % bounds; without one the reason, and what throughput cannot pass. */
function sayPeak({ peak, peakBounds, most, reason }: ScalabilityFit): string[] {
  const bounds = (of: { readonly low: number; readonly high: number | null } | undefined): string => (of === undefined ? '' : ` (${of.low.toFixed(1)}–${of.high === null ? 'without end' : of.high.toFixed(1)})`);
  if (peak !== null) return [`Throughput peaks at a load of ${peak.load.toFixed(1)}${bounds(peakBounds?.load)}, with ${peak.throughput.toFixed(1)}${bounds(peakBounds?.throughput)}; in brackets the bounds of 90 %.`];
  const level = most === null ? [] : [`By it throughput comes to at most ${most.mid.toFixed(1)}${bounds(most)}, ${most.by === 'asymptote' ? 'by contention alone (γ ÷ α)' : 'the level that was measured'}.`];
  return [`No peak: ${reason ?? ''}.`, ...level];
}
