import { appendFileSync } from 'node:fs';
import { ScaleplanError } from '../errors.ts';
import type { Report } from '../model/report.ts';
import { json, toContract } from '../reporters/json.ts';
import type { RenderOptions, Reporter } from '../reporters/reporter.ts';
import type { Host, Screen } from './host.ts';

/** A folder that takes whole files. */
interface Destination {
  write(name: string, text: string | Iterable<string>): void;
}

/**
 * Writes run.json and every report; what is meant for people or scripts goes to stdout, last, when everything else is safe on disk.
 * A reporter that fails keeps none of the others from writing; the first failure is thrown at the end.
 */
export async function deliver(report: Report, reporters: readonly Reporter[], folder: Destination, host: Host): Promise<void> {
  const { samples: _samples, steps, ...rest } = report.run;
  const facts = { ...rest, steps: steps.map(({ intervals: _intervals, ...step }) => step) };
  folder.write('run.json', `${JSON.stringify({ ...toContract(report), facts }, null, 2)}\n`);
  const options: RenderOptions = { chalk: host.out.chalk, columns: host.out.columns(), root: host.env['GITHUB_WORKSPACE'] || host.cwd };
  // With --json stdout holds JSON alone; what else is meant for it is not lost.
  const isJsonAlone = reporters.includes(json);
  const failures: unknown[] = [];
  for (const reporter of inOrder(reporters)) {
    try {
      deliverOne(reporter, await reporter.render(report, options), folder, host, reporter === json || !isJsonAlone ? host.out : host.err);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function inOrder(reporters: readonly Reporter[]): Reporter[] {
  return reporters.toSorted((a, b) => Number(a.fileName === null) - Number(b.fileName === null));
}

function deliverOne({ fileName, appendTo }: Reporter, text: string | Iterable<string>, folder: Destination, host: Host, to: Screen): void {
  if (fileName !== null) folder.write(fileName, text);
  else for (const piece of piecesOf(text)) to.write(piece);
  const file = appendTo === undefined ? undefined : host.env[appendTo];
  if (file) append(file, [...piecesOf(text)].join(''), appendTo ?? '');
}

function append(file: string, text: string, variable: string): void {
  try {
    appendFileSync(file, text);
  } catch (cause) {
    throw new ScaleplanError('output-not-writable', `Cannot append to ${file}, which ${variable} names.`, { hint: 'The run and its reports are in the folder of the run.', cause });
  }
}

/** A string is its own characters, one by one, to an iteration: it must be taken as one piece. */
function piecesOf(text: string | Iterable<string>): Iterable<string> {
  return typeof text === 'string' ? [text] : text;
}
