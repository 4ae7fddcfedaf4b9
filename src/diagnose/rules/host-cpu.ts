import type { Evidence } from '../../model/report.ts';
import { waitProbability } from '../../stats/operational-laws.ts';
import { against, found, notEnoughData, notRead, sign } from '../finding.ts';
import type { Rule, Situation } from '../rule.ts';
import { say, sayMany } from '../say.ts';
import { BUSY_CPU_PERCENT, LATE_MS, loopOf, RUN_QUEUE_WAIT_PERCENT, type Loop } from '../signs/event-loop.ts';
import { FULL_PERCENT, isForeignLoad, PRESSURE_PERCENT, QUEUED_PERCENT, STEAL_PERCENT, THROTTLED_PERCENT } from '../signs/host.ts';
import { cpuLaw } from '../signs/laws.ts';
import { TIME_SHARE } from '../signs/request-time.ts';
import { levelOf, onsetOf } from '../window.ts';

/** With a third of its CPU left a host runs whoever is ready at once: who waits all the same is held back by a limit of its own. */
const LEFT_PERCENT = 70;
/** And twice as long as chance would have it wait there. */
const WAITED_FACTOR = 2;
/** Less than this of each request nobody feels, whatever share of a fast answer it is. */
const FELT_WAIT_MS = 50;

/** The host, or the share of it that the system may use, has no CPU left: everything on it waits for a core. */
export const hostCpu: Rule = {
  id: 'host-cpu',
  remedy: 'more or larger hosts, move other work away, raise the control group’s CPU limit',
  metrics: ['host.cpu'],
  about: {
    necessary: `the host’s CPU is in use ${FULL_PERCENT} %, or the control group is held back in ${THROTTLED_PERCENT} % of its periods, or the hypervisor gives ${STEAL_PERCENT} % to others, or the application’s process waits ${RUN_QUEUE_WAIT_PERCENT} % of the time for a core while the host’s CPU is in use ${LEFT_PERCENT} % at most, and ${WAITED_FACTOR} times as long as chance has it wait there (the limit of a control group that nobody reads).`,
    sufficient: `held back, or limited, or stolen from, or full with tasks waiting (PSI ${PRESSURE_PERCENT} %, or half a task in front of each CPU); and the application feels it: its event loop is ${LATE_MS} ms late, and its process waits ${RUN_QUEUE_WAIT_PERCENT} % of the time for a core (where that is not told: gets a quarter of its fair share of one at least); where its lateness is not told, it computes and waits for ${BUSY_CPU_PERCENT} % of the time and waits for more of it, or these waits are half of the time requests take (and ${FELT_WAIT_MS} ms of each); or the capacity law agrees.`,
    law: 'requests a second at most = cores ÷ CPU of a request, fitted at a quarter of the load (utilisation law).',
    contradicted: [`the application’s one thread needs ${BUSY_CPU_PERCENT} % of a core (it is full before the host is)`, 'as many statements of the database on the CPU as there are cores, in step with the load (it is the database)'],
    remarks: 'Whether the load or somebody else fills the host is told by what a request cost at a quarter of the load.',
    unread: ['how late the application’s event loop is'],
  },
  evaluate(situation) {
    const { series, judged, cores } = situation;
    const cpu = levelOf(series('host.cpu'), judged);
    const throttled = levelOf(series('host.cpu_throttled'), judged) ?? 0;
    const stolen = levelOf(series('host.steal'), judged) ?? 0;
    if (cpu === null) return notEnoughData('the host’s CPU (--probe host=local, or --probe prometheus=http://…:9090)');
    const isFull = cpu >= FULL_PERCENT;
    const isHeldBack = throttled >= THROTTLED_PERCENT;
    const isStolen = stolen >= STEAL_PERCENT;
    const loop = loopOf(situation);
    const isLimited = loop.isStarved && cpu <= LEFT_PERCENT && (loop.waited ?? 0) >= WAITED_FACTOR * waitByChance(loop.cpu, cpu, cores);
    const law = cpuLaw(situation, 'host.cpu', cores);
    const waits = waitsOf(situation, loop);
    // A full host alone may serve everybody in time, and whatever harms them be something else.
    const isFelt = feels(situation, loop) || law?.agrees === true;
    return found({
      necessary: isFull || isHeldBack || isStolen || isLimited,
      sufficient: (isHeldBack || isStolen || isLimited || (isFull && waits.length > 0)) && isFelt,
      law: isFull ? law : null,
      onset: onsetOf(series('host.cpu'), (value) => value >= FULL_PERCENT) ?? onsetOf(series('host.cpu_throttled'), (value) => value >= THROTTLED_PERCENT) ?? onsetOf(series('node.run_queue_wait'), (value) => value >= RUN_QUEUE_WAIT_PERCENT),
      evidence: [
        sign(isFull, 'host.cpu', cpu, FULL_PERCENT, `the host’s CPU is in use ${say(cpu)} %`),
        ...(isFull ? waits : []),
        isFull && isForeignLoad(situation) ? sign(true, 'host.cpu', cpu, FULL_PERCENT, 'more than the load needs: other work fills it') : null,
        isLimited ? sign(true, 'node.run_queue_wait', loop.waited ?? 0, RUN_QUEUE_WAIT_PERCENT, `the application’s process waits ${say(loop.waited ?? 0)} % of the time for a core, and the host has ${say(100 - cpu)} % of its CPU left: a limit of its own (a control group, an affinity) holds it back`) : null,
        isHeldBack ? sign(true, 'host.cpu_throttled', throttled, THROTTLED_PERCENT, `the control group was held back in ${say(throttled)} % of its periods`) : null,
        isStolen ? sign(true, 'host.steal', stolen, STEAL_PERCENT, `the hypervisor gives ${say(stolen)} % of the CPU to others`) : null,
      ],
      contradictions: isHeldBack || isStolen ? [] : [ownThread(loop), ownDatabase(situation)],
      unread: [isHeldBack || isStolen || loop.lagMs !== null ? null : notRead('node.event_loop_lag', 'how the application’s one thread fares was not read (--probe node=http://…/metrics): what it computes or collects itself may be what is slow')],
    });
  },
};

/**
 * For how much of the time a process that computes for `own` % waits on a host of so many cores in use `cpu` %, in %: what it computes times
 * the wait of M/M/c in service times, Erlang's C ÷ (c − offered). One core where nobody knows how many there are, which waits longest.
 */
function waitByChance(own: number | null, cpu: number, cores: number | null): number {
  const servers = cores ?? 1;
  const offered = (servers * cpu) / 100;
  return ((own ?? 100) * waitProbability(servers, offered)) / (servers - offered);
}

/** A loop that is in time is not starved, however often its process has to wait a moment; one that is late may be so for another reason. */
function feels(situation: Situation, { lagMs, isLate, isStarved, waited, cpu, isHeldClearly }: Loop): boolean {
  if (lagMs === null) return isStarved && (((waited ?? 0) > (cpu ?? 0) && (waited ?? 0) + (cpu ?? 0) >= BUSY_CPU_PERCENT) || isFeltByRequests(situation, waited ?? 0));
  return isLate && !isHeldClearly && (waited === null || isStarved);
}

/** A process that is ready for so much of each second, one request after the other: that is half of the time they take, and no trifle. */
function isFeltByRequests({ series, judged }: Situation, waitedPercent: number): boolean {
  const [perSec, ms] = [levelOf(series('http.throughput'), judged), levelOf(series('http.mean'), judged)];
  if (perSec === null || ms === null || perSec <= 0) return false;
  const waitMs = (10 * waitedPercent) / perSec;
  return waitMs >= FELT_WAIT_MS && waitMs >= TIME_SHARE * ms;
}

function waitsOf({ series, judged }: Situation, { waited, isStarved }: Loop): Evidence[] {
  const [pressure, queued] = [levelOf(series('host.cpu_pressure'), judged) ?? 0, levelOf(series('host.run_queue_wait'), judged) ?? 0];
  return [
    ...(pressure >= PRESSURE_PERCENT ? [sign(true, 'host.cpu_pressure', pressure, PRESSURE_PERCENT, `some task waits for a CPU ${say(pressure)} % of the time`)] : []),
    ...(queued >= QUEUED_PERCENT ? [sign(true, 'host.run_queue_wait', queued, QUEUED_PERCENT, `${sayMany(queued / 100, 'task waits', 'tasks wait')} in front of each CPU`)] : []),
    ...(isStarved && waited !== null ? [sign(true, 'node.run_queue_wait', waited, RUN_QUEUE_WAIT_PERCENT, `the application’s process waits ${say(waited)} % of the time for a core`)] : []),
  ];
}

function ownThread({ cpu, needed, isBusy, isLate, lagMs }: Loop): Evidence | null {
  if (cpu === null || !((isBusy && (isLate || lagMs === null)) || (needed ?? 0) >= BUSY_CPU_PERCENT)) return null;
  return against('node.cpu', cpu, BUSY_CPU_PERCENT, `the application’s one thread uses ${say(cpu)} % of a core${needed === null ? '' : ` and needs ${say(needed)} %`}: it is full before the host is`);
}

function ownDatabase(situation: Situation): Evidence | null {
  const { series, judged, cores } = situation;
  const computing = levelOf(series('postgres.active_on_cpu'), judged);
  if (computing === null || cores === null || computing < cores || isForeignLoad(situation)) return null;
  return against('postgres.active_on_cpu', computing, cores, `${sayMany(computing, 'statement', 'statements')} of the database for ${sayMany(cores, 'core', 'cores')}, in step with the load: it is the database`);
}
