import { errorKind } from './error-kind.ts';
import { loggedResults } from './logged.ts';
import { RequestLog } from './request-log.ts';
import type { Source } from './source.ts';
import { csvRows, numberIn, textLines, wrongResults } from './text-lines.ts';

const NEEDED = ['timeStamp', 'elapsed', 'label', 'responseCode', 'success'];

/** A JTL as CSV (`jmeter -n -t plan.jmx -l results.jtl`): every sample, in whole milliseconds. */
export const jmeter: Source = async (file) => {
  for await (const { text } of textLines(file)) {
    if (text.trimStart().startsWith('<')) throw wrongResults(`${file}: is a JTL as XML`, 'Let JMeter write CSV: -Jjmeter.save.saveservice.output_format=csv');
    break;
  }
  const log = new RequestLog();
  let transactions = 0;
  let users = 0;
  for await (const { row, number } of csvRows(file, NEEDED, 'a JTL of JMeter as CSV with a header')) {
    const at = (name: string): number => numberIn(row.get(name), name, file, number);
    if (isTransaction(row)) {
      transactions += 1;
      continue;
    }
    const code = row.get('responseCode') ?? '';
    const status = /^\d{3}$/.test(code) ? Number(code) : 0;
    users = Math.max(users, Number(row.get('allThreads') ?? 0) || 0);
    log.add({
      journey: groupOf(row.get('threadName')), step: row.get('label') ?? '', startedAtMs: at('timeStamp'), latencyMs: at('elapsed'),
      ttfbMs: row.has('Latency') && status > 0 ? at('Latency') : null, status, bytes: Number(row.get('bytes') ?? 0) || 0,
      error: row.get('success') === 'true' ? null : errorKind(status, `${code} ${row.get('responseMessage') ?? ''}`),
    });
  }
  return loggedResults(file, log, {
    tool: 'jmeter', model: 'closed', users: users === 0 ? null : users,
    notes: [
      'JMeter counts whole milliseconds', 'timeStamp is read as the moment of sending, as JMeter’s own properties set it (sampleresult.timestamp.start=true)',
      'a thread that waits for its answer sends nothing meanwhile: how long requests would have queued is not seen (closed model)',
      ...(transactions > 0 ? [`${transactions} rows of transaction controllers were left out: their samples are counted`] : []),
    ],
  });
};

/** A controller's row repeats the samples below it. */
function isTransaction(row: ReadonlyMap<string, string>): boolean {
  return row.get('responseMessage')?.startsWith('Number of samples in transaction') === true;
}

/** `browsing 1-3` is the third thread of the group `browsing`. */
function groupOf(threadName: string | undefined): string {
  return threadName?.replace(/\s*\d+-\d+$/, '') || 'all';
}
