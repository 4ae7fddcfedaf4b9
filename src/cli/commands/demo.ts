import { EXIT, type ExitCode } from '../../errors.ts';
import { findPhase } from '../../plan/resolve.ts';
import { loadPlan } from '../../plan/load.ts';
import { makeTempFolder } from '../../process/temp-folder.ts';
import type { Disturbance } from '../../run/experiment.ts';
import type { Host } from '../host.ts';
import { knownBottleneck } from '../known-bottleneck.ts';
import { planForExperiment } from '../experiment.ts';
import { DEFAULT_PLAN } from './plan.ts';

interface DemoFlags {
  readonly plan?: string;
  readonly phase?: string;
  readonly bottleneck?: string;
  readonly experiment?: string;
}

/** Starts the reference application, prints what to paste, and waits for Ctrl-C. */
export async function demo(flags: DemoFlags, host: Host): Promise<ExitCode> {
  const plan = await loadPlan(flags.plan ?? (flags.experiment === undefined ? DEFAULT_PLAN : await planForExperiment(flags.experiment, DEFAULT_PLAN)), { cwd: host.cwd });
  const phase = flags.phase === undefined ? (plan.phases.find(({ id }) => id === '2') ?? plan.phases[0]) : findPhase(plan, flags.phase);
  const bottleneck = await knownBottleneck(plan.application, flags.bottleneck ?? null);
  const { startDemo } = await import('../../demo/start.ts');
  const folder = await makeTempFolder('demo');
  const stopped = new Promise<void>((resolve) => host.onInterrupt(() => resolve()));
  try {
    const running = await startDemo({
      application: plan.application, architecture: phase?.architecture ?? null, bottleneck: bottleneck?.id ?? null, experiment: flags.experiment ?? null,
      folder: folder.path, logFolder: folder.path, report: (line) => host.err.write(`${line}\n`),
    });
    try {
      const named = flags.plan === undefined ? '' : ` --plan ${flags.plan}`;
      const probes = running.probes.map(({ kind, address }) => `--probe ${kind}=${address}`);
      host.out.write(`${running.url}\n`);
      host.out.write(`\nscaleplan test${named} --phase ${phase?.id ?? '2'} --target ${running.url} \\\n  ${probes.join(' \\\n  ')}\n`);
      for (const line of running.adjustments) host.err.write(`${line}\n`);
      host.err.write(`\n${running.servers.join(', ')}. Ctrl-C ends it.\n`);
      await Promise.race([stopped, ...(running.experiment === undefined ? [] : [atKeyPress(running.experiment, flags.experiment ?? '', host)])]);
      await stopped;
    } finally {
      await running.stop();
    }
  } finally {
    await folder.dispose();
  }
  return EXIT.passed;
}

/** Begins and ends the experiment at each press of Enter; where nobody sits at the terminal it begins at once and goes on. */
async function atKeyPress({ begin, end }: Disturbance, name: string, host: Host): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const isOn = end !== null && turn % 2 === 1;
    await host.ask?.(`Enter ${isOn ? 'ends' : 'begins'} ${name} `);
    await (isOn ? end() : begin(new AbortController().signal));
    host.err.write(`${name} ${isOn ? 'is over' : 'has begun'}\n`);
    if (host.ask === undefined) return;
  }
}
