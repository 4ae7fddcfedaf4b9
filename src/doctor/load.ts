import { createServer, type Server, type Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { engineNamed } from '../engines/registry.ts';
import { ScaleplanError } from '../errors.ts';
import type { EngineName } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import { freePort } from '../process/free-port.ts';
import { makeTempFolder } from '../process/temp-folder.ts';
import { fail, failedBy, ok, warn, type Finding } from './finding.ts';
import type { Need } from './need.ts';

const CONNECTIONS = 8;
const WARM_UP_SECONDS = 1;
const MEASURED_SECONDS = 2;

/** CPU of a request, in µs, as each engine's page has measured it on one and the same machine. */
const COST_US: Readonly<Record<EngineName, number>> = { autocannon: 10, artillery: 360, k6: 50 };
/** What is derived from one engine for another is no closer than this. */
const UNSURE = 1.5;

/** Requests a second that this machine can make: measured with autocannon, derived from it for the others. */
export interface Makes {
  readonly measuredPerSec: number;
  readonly perSec: Readonly<Record<EngineName, number>>;
}

/** Three seconds of load on a server of our own on loopback, and what it says about the load of the phase. */
export async function checkLoad(need: Need | null): Promise<Finding> {
  try {
    return judgeLoad(derive(await measure()), need);
  } catch (error) {
    return failedBy('load', error);
  }
}

export function judgeLoad({ measuredPerSec, perSec }: Makes, need: Need | null): Finding {
  const detail = `measured: autocannon made ${grouped(measuredPerSec)} requests/s on ${CONNECTIONS} connections for ${MEASURED_SECONDS} s, its server on this machine, too; `
    + `derived from it by the CPU that a request costs: artillery about ${grouped(perSec.artillery)}/s, k6 about ${grouped(perSec.k6)}/s`;
  const short = need?.engines.find(({ name, requestsPerSec }) => requestsPerSec > perSec[name]);
  if (need === null || short === undefined) return ok('load', detail);
  const asked = `${detail}; ${need.of} asks ${grouped(short.requestsPerSec)}/s of ${short.name}`;
  const hint = short.name === 'artillery' ? 'Let k6 make it, which needs less CPU (--engine k6), or use a machine with more cores.' : 'Use a machine with more cores.';
  return short.requestsPerSec > UNSURE * perSec[short.name] ? fail('load', asked, hint) : warn('load', asked, hint);
}

/** artillery works on all cores but one, k6 on all of them. */
export function derive(measuredPerSec: number, cores: number = availableParallelism()): Makes {
  const perCore = (name: EngineName): number => (measuredPerSec * COST_US.autocannon) / COST_US[name];
  return { measuredPerSec, perSec: { autocannon: measuredPerSec, artillery: perCore('artillery') * Math.max(1, cores - 1), k6: perCore('k6') * cores } };
}

async function measure(): Promise<number> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = await listen(port, sockets);
  const folder = await makeTempFolder('doctor');
  try {
    const engine = await engineNamed('autocannon');
    let requests = 0;
    let seconds = 0;
    const stage = { users: CONNECTIONS, enough: null };
    const shape = { model: 'closed' as const, stages: [
      { ...stage, name: 'warm-up' as const, judged: false, durationSeconds: WARM_UP_SECONDS },
      { ...stage, name: 'sustain' as const, judged: true, durationSeconds: MEASURED_SECONDS },
    ] };
    const load = { target: `http://127.0.0.1:${port}`, scenario: SCENARIO, shape, timeoutMs: 2000, endpoint: null, headers: {}, workDir: folder.path };
    for await (const { second, rows } of engine.run(load, AbortSignal.timeout(4500))) {
      if (second < WARM_UP_SECONDS || second >= WARM_UP_SECONDS + MEASURED_SECONDS) continue;
      requests += rows.reduce((sum, row) => sum + row.requests, 0);
      seconds += 1;
    }
    if (requests === 0) throw new ScaleplanError('engine-failed', 'autocannon made no request on a server of our own on loopback.', { hint: 'Is something between this machine and itself: a firewall, a proxy?' });
    return requests / Math.max(1, seconds);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await folder.dispose();
  }
}

const SCENARIO: Scenario = {
  file: 'doctor', native: null, before: [], variables: {}, payloads: [], defaultHeaders: {}, timeoutMs: null, phases: [],
  journeys: [{ name: 'doctor', weight: 1, place: { file: 'doctor', line: 1, column: 1 }, flow: [{
    type: 'request', name: 'doctor', method: 'GET', url: '/', qs: {}, headers: {}, cookie: {}, body: null, captures: [], expect: null,
    place: { file: 'doctor', line: 1, column: 1 },
  }] }],
};

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Answers as cheaply as can be, so that the generator is what is measured: one request, one fixed answer. */
function listen(port: number, sockets: Set<Socket>): Promise<Server> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    socket.setEncoding('latin1').on('data', (text: string) => {
      // Without pipelining a request comes alone, and without a body it ends with an empty line.
      if (text.endsWith('\r\n\r\n')) socket.write(ANSWER);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

function grouped(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}
