/** Counts what the runner reports, every test that is not merely a group of others, and names those that failed. */
interface Event {
  readonly type: string;
  readonly data: { readonly name?: string; readonly nesting?: number; readonly skip?: unknown; readonly file?: string; readonly details?: { readonly type?: string; readonly error?: { readonly failureType?: string } } };
}

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

export interface FailedTest {
  readonly file: string;
  /** With the names of its groups before it, as `--test-name-pattern` is held against it; null: the file died before it could name one. */
  readonly name: string | null;
}

export interface Tally extends Count {
  readonly failures: readonly FailedTest[];
}

export default async function* countTests(source: AsyncIterable<Event>): AsyncGenerator<string> {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  const failures: FailedTest[] = [];
  const groups = new Map<string, string[]>();
  for await (const { type, data } of source) {
    const { name = '', nesting = 0, file = '' } = data;
    const names = [...(groups.get(file) ?? []).slice(0, nesting), name];
    if (type === 'test:start') groups.set(file, names);
    // A group fails with each of its tests; by itself only in what it does before and after them.
    const isGroup = data.details?.type === 'suite' && data.details.error?.failureType !== 'hookFailed';
    if (isGroup || (type !== 'test:fail' && type !== 'test:pass')) continue;
    if (type === 'test:fail') {
      count.failed += 1;
      failures.push({ file, name: file.endsWith(name) ? null : names.join(' ') });
    } else {
      count[data.skip === undefined ? 'passed' : 'skipped'] += 1;
    }
  }
  yield JSON.stringify({ ...count, failures } satisfies Tally);
}
