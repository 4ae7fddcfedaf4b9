/** Counts what the runner reports, file by file: every test that is not merely a group of others. */
interface Event {
  readonly type: string;
  readonly data: { readonly skip?: unknown; readonly file?: string; readonly details?: { readonly type?: string } };
}

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

export default async function* countTests(source: AsyncIterable<Event>): AsyncGenerator<string> {
  const files: Record<string, Count> = {};
  for await (const { type, data } of source) {
    if (data.details?.type === 'suite' || (type !== 'test:fail' && type !== 'test:pass')) continue;
    const count = (files[data.file ?? ''] ??= { passed: 0, failed: 0, skipped: 0 });
    if (type === 'test:fail') count.failed += 1;
    else count[data.skip === undefined ? 'passed' : 'skipped'] += 1;
  }
  yield JSON.stringify(files);
}
