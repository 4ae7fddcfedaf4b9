import type { Evidence } from '../../model/report.ts';
import type { Rule, Situation } from '../rule.ts';
import { say } from '../say.ts';
import { meanOf, onsetOf } from '../window.ts';

/** From 90 % on the wait for a core grows faster than the work: at ρ = 0.9 it is nine service times (M/M/1). */
const FULL_PERCENT = 90;
/** Half of the time some task waits for a CPU. */
const PRESSURE_PERCENT = 50;
/** The application's process is ready to run for a fifth of the time and does not. */
const RUN_QUEUE_WAIT_PERCENT = 20;
/** One second in ten the hypervisor gave to others. */
const STEAL_PERCENT = 10;
/** A control group held back in every tenth period: its limit is the CPU it has. */
const THROTTLED_PERCENT = 10;
/** The application's thread gets the core it wants: then it is that thread that is full, not the host. */
const OWN_CORE_PERCENT = 80;
const NEVER_RESTS_PERCENT = 90;
const CROWDED_CPU_PERCENT = 60;

/** The host, or the share of it that the system may use, has no CPU left: everything on it waits for a core. */
export const hostCpu: Rule = {
  id: 'host-cpu',
  remedy: 'more or larger hosts, move other work away, raise the control group’s CPU limit',
  about: 'Necessary: the host’s CPU is in use 90 %, or the control group is held back in a tenth of its periods. Sufficient: the latter, or the former and somebody waits: PSI 50 %, the application’s process a fifth of the time in the run queue, or a tenth stolen by the hypervisor. Contradicted by: the application’s own thread using 80 % of a core (or 60 % with a loop that never rests): it is full before the host is.',
  evaluate(situation) {
    const { series, judged } = situation;
    const cpu = meanOf(series('host.cpu'), judged);
    const throttled = meanOf(series('host.cpu_throttled'), judged) ?? 0;
    if (cpu === null) return { status: 'not-enough-data', missing: 'the host’s CPU (--probe host=local, or --probe prometheus=http://…:9090)' };
    const full = cpu >= FULL_PERCENT;
    const limited = throttled >= THROTTLED_PERCENT;
    const waits = waitsOf(situation);
    const contradictions = full && !limited ? contradictionsOf(situation) : [];
    return {
      status: 'judged',
      signs: { necessary: full || limited, sufficient: limited || (full && waits.some((one) => one.for)), hardError: false, law: false, contradictions: contradictions.length },
      onsetSecond: onsetOf(series('host.cpu'), (value) => value >= FULL_PERCENT, 3),
      evidence: [
        { for: full, metric: 'host.cpu', observed: cpu, limit: FULL_PERCENT, text: `the host's CPU is in use ${say(cpu)} %` },
        ...(full ? waits.filter((one) => one.for) : []),
        ...(limited ? [{ for: true, metric: 'host.cpu_throttled', observed: throttled, limit: THROTTLED_PERCENT, text: `the control group was held back in ${say(throttled)} % of its periods` } as const] : []),
        ...contradictions,
      ],
    };
  },
};

function waitsOf({ series, judged }: Situation): Evidence[] {
  const signs = [
    ['host.cpu_pressure', PRESSURE_PERCENT, (value: string) => `some task waits for a CPU ${value} % of the time`],
    ['node.run_queue_wait', RUN_QUEUE_WAIT_PERCENT, (value: string) => `the application's process waits ${value} % of the time for a core`],
    ['host.steal', STEAL_PERCENT, (value: string) => `the hypervisor gives ${value} % of the CPU to others`],
  ] as const;
  return signs.flatMap(([metric, limit, text]) => {
    const observed = meanOf(series(metric), judged);
    return observed === null ? [] : [{ for: observed >= limit, metric, observed, limit, text: text(say(observed)) }];
  });
}

function contradictionsOf({ series, judged }: Situation): Evidence[] {
  const cpu = meanOf(series('node.cpu'), judged);
  const busy = meanOf(series('node.event_loop_utilization'), judged) ?? 0;
  const isOwn = cpu !== null && (cpu >= OWN_CORE_PERCENT || (cpu >= CROWDED_CPU_PERCENT && busy >= NEVER_RESTS_PERCENT));
  return isOwn ? [{ for: false, metric: 'node.cpu', observed: cpu, limit: OWN_CORE_PERCENT, text: `the application's one thread uses ${say(cpu)} % of a core: it is full before the host is` }] : [];
}
