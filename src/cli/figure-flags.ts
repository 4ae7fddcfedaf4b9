import { ScaleplanError } from '../errors.ts';
import { didYouMean } from '../model/nearest.ts';
import { isWritableMetric, metricOf, WRITABLE_METRICS } from '../model/metrics.ts';
import { readQuantity } from '../model/quantity.ts';
import type { Range } from '../model/plan.ts';
import type { Unit } from '../model/unit.ts';

const EXAMPLES: Readonly<Record<Unit, string>> = { '1': '5 or 15-20', '%': '20%', '/s': '33.3/s or 2000/min', ms: '300ms or 1.2s', B: '8GB', USD: '$5' };

/** A figure or range behind a flag, under its name in what it is for; nothing where the flag is absent. Throws `wrong-usage`. */
export function figureFlag<Name extends string>(name: Name, flag: string, text: string | undefined, unit: Unit): { readonly [key in Name]?: Range } {
  if (text === undefined) return {};
  const { min, max } = readFigure(flag, text, unit);
  // A computed key widens to any string.
  return { [name]: { min, max } } as { readonly [key in Name]?: Range };
}

/** Values for the questions of decision trees: `--response-time`, `--cpu`, `--error-rate`, and any metric by its name. */
export function valuesFrom(flags: { readonly responseTime?: string; readonly cpu?: string; readonly errorRate?: string; readonly value?: readonly string[] }): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const give = (flag: string, text: string | undefined, unit: Unit, metrics: readonly string[]): void => {
    if (text === undefined) return;
    const { min } = readFigure(flag, text, unit, true);
    for (const metric of metrics) values.set(metric, min);
  };
  // One number for the response time: whichever percentile a question asks for is meant.
  give('--response-time', flags.responseTime, 'ms', ['http.p50', 'http.p90', 'http.p95', 'http.p99', 'http.mean', 'http.max']);
  give('--cpu', flags.cpu, '%', ['node.cpu', 'host.cpu']);
  give('--error-rate', flags.errorRate, '%', ['http.error_rate']);
  for (const text of flags.value ?? []) {
    const [, name = '', written = ''] = /^([\w.-]+)\s*=\s*(.+)$/.exec(text) ?? [];
    const metric = metricOf(name);
    if (metric === undefined || !isWritableMetric(name)) {
      throw new ScaleplanError('unknown-name', `--value ${text}: there is no metric "${name}"${didYouMean(name, WRITABLE_METRICS)}`, { hint: 'Write <metric>=<value>, as in --value queue.depth=120; scaleplan plan show --metrics lists them.' });
    }
    give(`--value ${name}=`, written, metric.unit, [name]);
  }
  return values;
}

function readFigure(flag: string, text: string, unit: Unit, isOne = false): Range {
  const quantity = readQuantity(text);
  // A bare number means what the flag is about, but for times, where seconds and milliseconds are both likely.
  const fits = quantity !== null && (quantity.unit === unit || (quantity.unit === '1' && unit !== 'ms'));
  if (quantity === null || !fits || (isOne && quantity.min !== quantity.max)) throw wrong(flag, text, unit, isOne);
  if (!isOne && (unit === '/s' || unit === 'ms') && quantity.min <= 0) throw wrong(flag, text, unit, isOne);
  if (unit === '1' && (quantity.min <= 0 || !Number.isInteger(quantity.min))) throw wrong(flag, text, unit, isOne);
  return { min: quantity.min, max: quantity.max };
}

function wrong(flag: string, text: string, unit: Unit, isOne: boolean): ScaleplanError {
  return new ScaleplanError('wrong-usage', `${flag}${flag.endsWith('=') ? '' : ' '}${text} is no figure that fits.`, { hint: `Write one such as ${isOne ? (EXAMPLES[unit].split(' or ')[0] ?? '') : EXAMPLES[unit]}.` });
}
