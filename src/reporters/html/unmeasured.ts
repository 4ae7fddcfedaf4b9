import { BOTTLENECK_TITLES } from '../../model/bottleneck.ts';
import type { Report } from '../../model/report.ts';
import { sayMetric } from '../words.ts';
import { escape } from './escape.ts';
import { table } from './table.ts';

/** What nobody looked at in this run, and what would look at it. */
export function unmeasuredSection({ verdicts, diagnosis, run }: Report): string {
  const unmeasured = Map.groupBy(verdicts.filter(({ status }) => status === 'not-measured'), ({ condition, reason }) => `${sayMetric(condition)}\n${reason}`);
  const rows = [
    ...[...unmeasured.values()].map((group) => {
      const [first] = group;
      const kinds = [...new Set(group.map(({ condition }) => (condition.kind === 'threshold' ? (condition.required ? 'required threshold' : 'threshold, not required') : condition.kind)))];
      return first ? [`<code>${escape(sayMetric(first.condition))}</code>`, escape(kinds.join(', ')), escape(first.reason)] : [];
    }),
    ...diagnosis.unknown.map(({ id, missing }) => [escape(BOTTLENECK_TITLES[id]), 'bottleneck', `needs ${escape(missing)}`]),
    ...run.probes.flatMap((probe) => (probe.status === 'ok' ? [] : [[`probe ${escape(probe.kind)}`, escape(probe.status), escape(`${probe.reason} ${probe.hint ?? ''}`)]])),
  ];
  return rows.length === 0 ? '' : `<h2>Not measured, and how to measure it</h2>${table('Not measured', [{ name: 'What' }, { name: 'Is a' }, { name: 'Why, and what would measure it' }], rows)}`;
}
