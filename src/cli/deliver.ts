import type { Report } from '../model/report.ts';
import { toContract } from '../reporters/json.ts';
import type { Reporter } from '../reporters/reporter.ts';
import type { Host } from './host.ts';

/** A folder that takes whole files. */
interface Destination {
  write(name: string, text: string): void;
}

/** Writes run.json and every report; what is meant for people or scripts goes to stdout, last, when everything else is safe on disk. */
export async function deliver(report: Report, reporters: readonly Reporter[], folder: Destination, host: Host): Promise<void> {
  const { samples: _samples, steps, ...rest } = report.run;
  const facts = { ...rest, steps: steps.map(({ intervals: _intervals, ...step }) => step) };
  folder.write('run.json', `${JSON.stringify({ ...toContract(report), facts }, null, 2)}\n`);
  const options = { chalk: host.out.chalk, columns: host.out.columns() };
  for (const { fileName, render } of reporters) {
    if (fileName !== null) folder.write(fileName, await render(report, options));
  }
  for (const { fileName, render } of reporters) {
    if (fileName === null) host.out.write(await render(report, options));
  }
}
