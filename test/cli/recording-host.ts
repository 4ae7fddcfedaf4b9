import { Chalk } from 'chalk';
import type { Host, Screen } from '../../src/cli/host.ts';

/** A host whose screens are texts and whose clock stands still. */
export function recordingHost(more: Partial<Pick<Host, 'cwd' | 'env' | 'now'>> = {}): { readonly host: Host; readonly out: () => string; readonly err: () => string } {
  const texts = { out: '', err: '' };
  const screen = (name: 'out' | 'err'): Screen => ({
    write: (text) => { texts[name] += text; }, isTerminal: false, columns: () => 80, chalk: new Chalk({ level: 0 }),
  });
  const host: Host = { argv: [], env: {}, cwd: '/', out: screen('out'), err: screen('err'), now: () => Date.UTC(2026, 0, 1), onInterrupt: () => () => {}, ...more };
  return { host, out: () => texts.out, err: () => texts.err };
}
