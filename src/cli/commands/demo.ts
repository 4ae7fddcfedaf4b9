import { EXIT, type ExitCode } from '../../errors.ts';
import { makeTempFolder } from '../../process/temp-folder.ts';
import type { Host } from '../host.ts';
import { knownBottleneck } from '../known-bottleneck.ts';

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
