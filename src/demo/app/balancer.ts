import { SETTINGS_VARIABLE } from '../balancer/settings.ts';
import type { BalancerSettings } from '../balancer/settings.ts';
import { all, launchProcess } from '../processes.ts';
import type { LaunchedProcess, ProcessRequest, Stop } from '../processes.ts';

/** The application as one process, or as several behind a balancer. */
export interface Instances {
  /** Where requests go: the balancer, or the only instance. */
  readonly url: string;
  readonly members: readonly LaunchedProcess[];
  /** A probe for each: every instance has a page of metrics of its own. */
  readonly probes: readonly { readonly kind: 'node'; readonly address: string }[];
  /** By what they are: `app`, or `app-1`, `app-2`, …, `balancer`. */
  readonly pids: Readonly<Record<string, number>>;
}

/** Starts as many instances of a process; where it is more than one, a balancer stands before them. */
export async function launchInstances(count: number, request: ProcessRequest, stops: Stop[]): Promise<Instances> {
  const names = count === 1 ? [request.name] : Array.from({ length: count }, (_, index) => `${request.name}-${index + 1}`);
  const members = await all(names.map((name) => launchProcess({ ...request, name }, stops)));
  const probes = members.map(({ port }) => ({ kind: 'node' as const, address: `http://127.0.0.1:${port}/metrics` }));
  const pids = Object.fromEntries(names.map((name, index) => [name, members[index]?.pid ?? Number.NaN]));
  const [only] = members;
  if (only !== undefined && members.length === 1) return { url: `http://127.0.0.1:${only.port}`, members, probes, pids };

  const settings: BalancerSettings = { ports: members.map(({ port }) => port) };
  const balancer = await launchProcess({ name: 'balancer', entry: './balancer/main', variable: SETTINGS_VARIABLE, settings, logFolder: request.logFolder }, stops);
  return { url: `http://127.0.0.1:${balancer.port}`, members, probes, pids: { ...pids, balancer: balancer.pid } };
}
