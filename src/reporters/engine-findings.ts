import type { Report } from '../model/report.ts';
import type { EngineFinding } from '../model/run.ts';
import { wrap } from './layout.ts';
import type { RenderOptions } from './reporter.ts';
import { sayNumber } from './words.ts';

/** What scripts judged by themselves, over all steps: what did not hold first, one of a name once. */
export function engineFindingsOf({ steps }: Pick<Report, 'steps'>): EngineFinding[] {
  const all = Map.groupBy(steps.flatMap(({ engineFindings }) => engineFindings ?? []), ({ source, kind, name }) => JSON.stringify([source, kind, name]));
  const sums = [...all.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [others.reduce((sum, { passed, failed }) => ({ ...sum, passed: sum.passed + passed, failed: sum.failed + failed }), first)]));
  return sums.sort((a, b) => Number(b.failed > 0) - Number(a.failed > 0));
}

/** Above every list of them, so that nobody takes a line of it for a verdict of the plan. */
export function engineFindingsTitle(findings: readonly EngineFinding[]): string {
  return `Judged by the script itself (${[...new Set(findings.map(({ source }) => source))].join(', ')}), beside the plan: no verdict and no exit code follows from it`;
}

/** `crossed`, `failed 3 of 20`, `held 20 of 20`, `held`. */
export function sayFinding({ kind, passed, failed }: EngineFinding): string {
  const asked = passed + failed;
  if (kind === 'threshold' && asked === 1) return failed > 0 ? 'crossed' : 'held';
  return failed > 0 ? `failed ${sayNumber(failed)} of ${sayNumber(asked)}` : `held ${sayNumber(passed)} of ${sayNumber(asked)}`;
}

/** More would push the verdict off the screen; the page and the JSON have them all. */
const MOST_LINES = 12;

export function engineFindingLines(report: Report, { chalk, columns }: RenderOptions): string[] {
  const findings = engineFindingsOf(report);
  if (findings.length === 0) return [];
  const lines = findings.slice(0, MOST_LINES).flatMap((one) => {
    const isHeld = one.failed === 0;
    const [first = '', ...others] = wrap(`${one.name}: ${sayFinding(one)}`, columns, `    ${one.kind.padEnd(10)}`);
    return [`  ${isHeld ? chalk.green('✓') : chalk.yellow('✗')}${first.slice(3)}`, ...others];
  });
  const more = findings.length - MOST_LINES;
  return ['', ...wrap(engineFindingsTitle(findings), columns, '').map((line) => chalk.bold(line)), ...lines, ...(more > 0 ? [chalk.dim(`    and ${more} more`)] : [])];
}
