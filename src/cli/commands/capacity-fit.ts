import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readPoints } from '../../capacity/read-points.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { fitScalability, throughputAt, type LoadPoint, type ScalabilityFit } from '../../stats/usl.ts';
import { drawPoints } from '../draw-points.ts';
import type { Host } from '../host.ts';

/** `scaleplan capacity fit`: read a table, fit the law, say what it means and what it does not. */
export async function capacityFit(file: string, flags: { readonly json?: boolean }, host: Host): Promise<ExitCode> {
  const text = await readFile(resolve(host.cwd, file), 'utf8').catch((error: unknown) => {
    throw new ScaleplanError('wrong-usage', `${file} cannot be read.`, { hint: 'Name a CSV with the columns load and throughput.', cause: error });
  });
  const points = readPoints(file, text);
  const fit = fitScalability(points);
  if (fit === null) throw new ScaleplanError('wrong-usage', `${file} has too few different loads: three coefficients and their scatter need four.`, { hint: 'Measure at least four loads, better six, up to where throughput stops growing.' });
  host.out.write(flags.json ? `${JSON.stringify({ model: 'usl', ...fit }, null, 2)}\n` : table(file, points, fit, host));
  return EXIT.passed;
}

function table(file: string, points: readonly LoadPoint[], fit: ScalabilityFit, { out }: Host): string {
  const { alpha, beta, gamma, standardErrors: errors, r2, peak, reason } = fit;
  const row = (name: string, value: number, error: number, meaning: string): string => `  ${name}  ${value.toPrecision(6).padEnd(12)} ± ${error.toPrecision(2).padEnd(9)} ${meaning}`;
  const most = Math.max(...points.map(({ load }) => load), peak?.load ?? 0);
  return [
    out.chalk.bold(`X(N) = γN / (1 + α(N − 1) + βN(N − 1)), fitted to ${points.length} points of ${file}`), '',
    row('α', alpha, errors.alpha, 'contention: what cannot be done side by side'),
    row('β', beta, errors.beta, 'coherency: what every pair costs'),
    row('γ', gamma, errors.gamma, 'throughput of one'),
    `  R² ${r2.toFixed(4)}`, '',
    peak === null ? `No peak: ${reason ?? ''}` : `Throughput peaks at a load of ${peak.load.toFixed(1)}, with ${peak.throughput.toFixed(1)}.`, '',
    ...drawPoints(points.map(({ load, throughput }) => [load, throughput] as const), (load) => throughputAt(load, [alpha, beta, gamma]), most * 1.1), '',
  ].join('\n');
}
