import { ScaleplanError } from '../../errors.ts';
import type { ChildExit } from '../../process/child.ts';
import type { Progress } from './collector.ts';

/** What happened when artillery's process ended before the load did; `output` is what it printed. */
export function failureOf(exit: ChildExit, progress: Progress, output: string, file: string): ScaleplanError {
  const said = lastWords(output);
  const cause = exit.error === null ? {} : { cause: exit.error };
  // It reads the script before it loads plugins; 11 is a processor or an engine that its workers could not load.
  if ((progress === 'starting' && exit.code === 1) || exit.code === 11) {
    return new ScaleplanError('wrong-scenario', `artillery does not accept ${file}: ${said}`, { ...cause, hint: 'Try it alone: npx artillery run --solo <file>' });
  }
  const how = exit.signal === null ? `code ${exit.code ?? '?'}` : exit.signal;
  const when = progress === 'begun' ? 'in the middle of the load' : 'before the load began';
  return new ScaleplanError('engine-failed', `artillery ended with ${how} ${when}: ${said}`, { ...cause, hint: 'Its whole output is in artillery.log of the run’s logs.' });
}

/** The lines that name the error, else the last ones; without colours. */
function lastWords(output: string): string {
  // eslint-disable-next-line no-control-regex -- colours are what is taken out
  const lines = output.replace(/\u001b\[[0-9;]*m/g, '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const telling = lines.filter((line) => /\b\w*error\b|\bcannot\b|\bcould not\b|\binvalid\b|\bnot found\b/i.test(line) && !line.startsWith('at '));
  const chosen = telling.length > 0 ? telling.slice(0, 3) : lines.slice(-3);
  return chosen.length === 0 ? 'it said nothing' : chosen.join(' · ').slice(0, 600);
}
