import { DEMO_BOTTLENECKS } from '../../demo/bottlenecks.ts';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { makeTempFolder } from '../../process/temp-folder.ts';
import { didYouMean } from '../../yaml/nearest.ts';
import type { Host } from '../host.ts';

/** Starts the reference application, prints what to paste, and waits for Ctrl-C. */
export async function demo(flags: { readonly bottleneck?: string }, host: Host): Promise<ExitCode> {
  const bottleneck = knownBottleneck(flags.bottleneck ?? null);
  const { startDemo } = await import('../../demo/start.ts');
  const folder = await makeTempFolder('demo');
  const stopped = new Promise<void>((resolve) => host.onInterrupt(() => resolve()));
  try {
    const running = await startDemo({ bottleneck, folder: folder.path, logFolder: folder.path, report: (line) => host.err.write(`${line}\n`) });
    try {
      const probes = running.probes.map(({ kind, address }) => `--probe ${kind}=${address}`);
      host.out.write(`${running.url}\n`);
      host.out.write(`\nscaleplan test --phase 2 --target ${running.url} \\\n  ${probes.join(' \\\n  ')}\n`);
      host.err.write(`\n${running.servers.join(', ')}. Ctrl-C ends it.\n`);
      await stopped;
    } finally {
      await running.stop();
    }
  } finally {
    await folder.dispose();
  }
  return EXIT.passed;
}

/** Throws `unknown-name` with the nearest bottleneck that the reference application can really have. */
export function knownBottleneck(name: string | null): string | null {
  const names = Object.keys(DEMO_BOTTLENECKS);
  if (name === null || names.includes(name)) return name;
  throw new ScaleplanError('unknown-name', `The reference application has no bottleneck "${name}"${didYouMean(name, names)}`, { hint: `There are: ${names.join(', ')}.` });
}
