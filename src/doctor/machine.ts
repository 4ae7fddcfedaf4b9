import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, platform } from 'node:os';
import { versions } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok, warn, fail, type Finding } from './finding.ts';
import type { Need } from './need.ts';

/** The oldest Node that runs the sources as they are, and artillery. */
const OLDEST_NODE = [22, 18] as const;
/** Standard streams, logs, probes and what Node itself keeps open. */
const OWN_FILES = 100;
/** How long Linux keeps a closed connection's port from being used again (TCP_TIMEWAIT_LEN). */
const TIME_WAIT_SECONDS = 60;
/** A generator needs a core of its own; where others use half of the machine it has to share. */
const BUSY = 0.5;
const LOOK_MS = 500;

export function checkNode(version: string = versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const oldest = OLDEST_NODE.join('.');
  return isOld ? fail('node', `Node ${version} is older than ${oldest}`, `Install Node ${oldest} or newer.`) : ok('node', `Node ${version}`);
}

/** Node raises its own limit to the hard one at its start, and its children inherit it. */
export async function checkFiles(need: Need | null, limits?: string): Promise<Finding> {
  const text = limits ?? await readFile('/proc/self/limits', 'utf8').catch(() => null);
  const soft = /^Max open files\s+(\S+)/m.exec(text ?? '')?.[1];
  if (soft === undefined) return ok('file descriptors', `not told by ${platform()}`);
  const most = soft === 'unlimited' ? Infinity : Number(soft) - OWN_FILES;
  const detail = soft === 'unlimited' ? 'no limit' : `${grouped(Number(soft))} files, so about ${grouped(most)} connections at the same time`;
  if (need === null || most >= need.connections) return ok('file descriptors', detail);
  return fail('file descriptors', `${detail}; ${need.of} may need ${grouped(need.connections)}`, `Raise the limit: ulimit -n ${need.connections + OWN_FILES}`);
}

/** Artillery opens a connection for each journey: closed ones keep their port for a minute. */
export async function checkPorts(need: Need | null, range?: string): Promise<Finding> {
  const text = range ?? await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => null);
  const [from, to] = (text ?? '').trim().split(/\s+/).map(Number);
  if (from === undefined || to === undefined || !(to > from)) return ok('ports', `not told by ${platform()}`);
  const ports = to - from + 1;
  const perSec = ports / TIME_WAIT_SECONDS;
  const detail = `${grouped(ports)} for outgoing connections: ${grouped(perSec)} new ones a second to one address, if each is used once`;
  const asked = Math.max(0, ...(need?.engines ?? []).map(({ arrivalsPerSec }) => arrivalsPerSec));
  if (asked <= perSec) return ok('ports', detail);
  return warn('ports', `${detail}; ${need?.of ?? ''} starts ${grouped(asked)} journeys a second`, 'Widen it: sysctl -w net.ipv4.ip_local_port_range="15000 65000"; or spread the load over several machines.');
}

/** How many there are, and how much of them others use right now. */
export async function checkCpus(): Promise<Finding> {
  const before = cpuTimes();
  await sleep(LOOK_MS);
  const after = cpuTimes();
  const cores = availableParallelism();
  const busy = (after.busy - before.busy) / Math.max(1, after.all - before.all);
  const quota = await quotaOf();
  const detail = `${cores} ${cores === 1 ? 'core' : 'cores'}${quota === null ? '' : `, a quota of ${quota} by the control group`}, ${Math.round(busy * 100)} % in use`;
  if (busy > BUSY) return warn('cpu', detail, 'Something else is running: what it uses the generator lacks, and a target beside it as well.');
  if (quota !== null && quota < 1) return warn('cpu', detail, 'Under one core the generator is stopped and let go many times a second, which shows in every latency. Give it one.');
  return ok('cpu', detail, cores === 1 ? 'Generator and target on one core measure each other: use another machine for one of them.' : null);
}

function cpuTimes(): { readonly busy: number; readonly all: number } {
  return cpus().reduce((sum, { times }) => {
    const all = Object.values(times).reduce((a, b) => a + b, 0);
    return { busy: sum.busy + all - times.idle, all: sum.all + all };
  }, { busy: 0, all: 0 });
}

/** Cores that a container may use, of cgroup v2 or v1; null where nothing limits it. */
async function quotaOf(): Promise<number | null> {
  const v2 = await readFile('/sys/fs/cgroup/cpu.max', 'utf8').catch(() => null);
  if (v2 !== null) return shareOf(v2.trim().split(' '));
  const v1 = await Promise.all(['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readFile(`/sys/fs/cgroup/cpu/${name}`, 'utf8').catch(() => '')));
  return shareOf(v1.map((text) => text.trim()));
}

function shareOf([quota, period]: readonly string[]): number | null {
  const share = Number(quota) / Number(period);
  return share > 0 && Number.isFinite(share) ? Math.round(share * 100) / 100 : null;
}

function grouped(value: number): string {
  return Math.floor(value).toLocaleString('en-US');
}
