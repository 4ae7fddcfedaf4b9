import type { Capacity, PhaseCapacity } from '../capacity/capacity.ts';
import type { ConnectionsNeeded } from '../capacity/connections.ts';
import type { Input } from '../capacity/inputs.ts';
import type { Queueing } from '../capacity/queueing.ts';
import type { Walk } from '../capacity/walk.ts';
import type { Source } from '../model/condition.ts';
import type { Range } from '../model/plan.ts';
import type { Screen } from './host.ts';

type Chalk = Screen['chalk'];

/** The arithmetic for people: each result with what it was made from and where that stands. */
export function capacityTable(capacity: Capacity, { chalk }: Screen): string {
  const { connections, connectionsEach, concurrentUsers, queueing, decisions, missing } = capacity;
  const parts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Load of each phase', [...capacity.phases.flatMap((phase) => phaseLines(phase, chalk)), ...latencyLine(capacity.latency, chalk)]],
    ['Connections needed', connections === null ? [] : connectionLines(connections, chalk)],
    ['Connections for each instance', connectionsEach === null ? [] : [connectionsEach.arithmetic, ...from([connectionsEach.limit, connectionsEach.instances], chalk)]],
    ['Users at the same time', concurrentUsers === null ? [] : [concurrentUsers.arithmetic, ...from([concurrentUsers.instances, concurrentUsers.connectionsPerInstance, concurrentUsers.requestsPerConnection, concurrentUsers.marginPercent], chalk)]],
    ['Requests at the same time', queueing === null ? [] : queueingLines(queueing, chalk)],
    ...decisions.map((walk) => [`${walk.title}${address(walk.source)}`, walkLines(walk, chalk)] as const),
    ['Not known', missing],
  ];
  const blocks = parts.filter(([, lines]) => lines.length > 0).map(([title, lines]) => [chalk.bold(title), ...lines.map((line) => `  ${line}`)].join('\n'));
  return `${[chalk.bold(`${capacity.plan} · capacity`), ...blocks].join('\n\n')}\n`;
}

function phaseLines({ id, name, users, requestsPerSecond, derivation, concurrentUsers, connections, queueing }: PhaseCapacity, chalk: Chalk): string[] {
  const active = concurrentUsers === null ? '' : `, ${grouped(concurrentUsers)} users at the same time`;
  return [
    `${id}  ${name} · ${range(users)} users · ${short(requestsPerSecond)} requests/s${active}`,
    chalk.dim(`   ${derivation}`),
    ...(queueing === null ? [] : [chalk.dim(`   ${queueing.arithmetic}; ${serversFor(queueing, 0.05)} servers keep 95 % of them from waiting`)]),
    ...(connections === null ? [] : [`   ${connections.arithmetic} against ${range(connections.limit)}: ${STATUS[connections.status]}`]),
  ];
}

const STATUS: Readonly<Record<ConnectionsNeeded['status'], string>> = {
  enough: 'enough', uncertain: 'enough only at the limit’s upper end', 'too-few': 'too few connections',
};

function connectionLines({ arithmetic, limit, status, fitting, instances, connectionsPerInstance }: ConnectionsNeeded, chalk: Chalk): string[] {
  const said = `${arithmetic} against ${range(limit)}: ${STATUS[status]}`;
  const paint = status === 'enough' ? chalk.green : status === 'uncertain' ? chalk.yellow : chalk.red;
  const change = status === 'enough' ? [] : [`to change: ${fits(fitting.instances, 'instances')}, or ${fits(fitting.connectionsPerInstance, 'connections for each')}, or a higher limit`];
  return [paint(said), ...change, ...from([instances, connectionsPerInstance, limit], chalk)];
}

function fits(most: Range, what: string): string {
  return most.min === 0 && most.max === 0 ? `no number of ${what} fits` : `${range(most)} ${what} at most`;
}

function latencyLine(latency: Input | null, chalk: Chalk): string[] {
  return latency === null ? [] : [chalk.dim(`response time of ${range(latency)} ms ${from([latency], chalk).join('')}`)];
}

function queueingLines(queueing: Queueing, chalk: Chalk): string[] {
  const rows = queueing.servers.map(({ probability, needed, utilization }) => `${String(needed).padStart(4)} servers: ${short(probability * 100).padStart(2)} % of the requests wait, ${short(utilization * 100)} % busy`);
  return [queueing.arithmetic, ...rows, chalk.dim('servers are whatever works at one request at a time: cores, connections, workers')];
}

function walkLines({ steps, outcome }: Walk, chalk: Chalk): string[] {
  const asked = steps.map(({ question, source, answer, told }) => `${question}?  ${answer === 'unknown' ? chalk.yellow('unknown') : chalk.bold(answer)}  ${chalk.dim(`${told}${address(source)}`)}`);
  return [...asked, outcome === null ? chalk.yellow('the way ends here: give the value, or a run to take it from') : `→ ${outcome.text}${chalk.dim(address(outcome.source))}`];
}

/** Where the figures come from, in one line. */
function from(inputs: readonly (Input | null)[], chalk: Chalk): string[] {
  const known = inputs.filter((input) => input !== null);
  const lines = [...new Set(known.flatMap(({ source }) => (source === null ? [] : [source.line])))].toSorted((a, b) => a - b);
  const document = known.find(({ source }) => source !== null)?.source?.document;
  const parts = [
    ...(document === undefined ? [] : [`${document}, line${lines.length > 1 ? 's' : ''} ${lines.join(', ')}`]),
    ...(known.some((input) => input.from === 'given') ? ['as given'] : []),
  ];
  if (document === undefined) return parts.map((part) => chalk.dim(part));
  return [chalk.dim(`from ${parts.join('; the rest ')}`)];
}

function serversFor({ servers }: Queueing, wanted: number): number {
  return servers.find(({ probability }) => probability === wanted)?.needed ?? 0;
}

function address(source: Source | null): string {
  return source === null ? '' : ` (line ${source.line})`;
}

function range({ min, max }: Range): string {
  if (max === null) return `${grouped(min)}+`;
  return min === max ? grouped(min) : `${grouped(min)}–${grouped(max)}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}
