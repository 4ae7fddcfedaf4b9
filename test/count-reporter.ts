/** Counts what the runner reports, for the one line at the end: every test that is not merely a group of others. */
interface Event {
  readonly type: string;
  readonly data: { readonly skip?: unknown; readonly details?: { readonly type?: string } };
}

export default async function* countTests(source: AsyncIterable<Event>): AsyncGenerator<string> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (data.details?.type === 'suite') continue;
    if (type === 'test:fail') count.failed += 1;
    if (type === 'test:pass') count[data.skip === undefined ? 'passed' : 'skipped'] += 1;
  }
  yield JSON.stringify(count);
}
