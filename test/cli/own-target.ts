import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../../src/demo/servers/postgres.ts';
import { launch } from '../../src/demo/servers/server.ts';
import type { Sample } from '../../src/model/sample.ts';
import { makeTempFolder } from '../../src/process/temp-folder.ts';
import { run, type Ended } from '../e2e/program.ts';

/** Connections of the application's pool: with 200 ms each they carry 15 requests a second. */
export const POOL_SIZE = 3;

const RATE = 18;
/** Under the full rate, after a ramp that is not judged. */
export const LOAD_SECONDS = 10;

const PLAN = `id: goods
title: A shop of somebody else's
load:
  users: 100
  requests: 1,200 requests/min
steps:
  - { suite: load, scenario: goods.yml, engine: artillery, model: open }
phases:
  - { id: "1", name: Opening, users: 10-100 }
milestones:
  - id: pool
    title: The pool is too small
    bottleneck: db-connections
    users: 200
    prepareBy: 150 users
    leadTime: 1 week
    cost: $50/month
    impact: pages load slowly
    remedy: a larger pool
slo:
  - http.p95 < 400 ms
  - http.error_rate < 5 %
`;

/** Few requests, each of them long: the same on a machine that is busy with something else. */
const SCENARIO = `config:
  target: http://127.0.0.1:3000
  http: { timeout: 10 }
  phases:
    - { duration: 2, arrivalRate: 15, rampTo: ${RATE} }
    - { duration: ${LOAD_SECONDS}, arrivalRate: ${RATE} }
scenarios:
  - name: look
    flow:
      - get: { name: goods, url: /goods/7 }
`;

type Postgres = Awaited<ReturnType<typeof startPostgres>>;

/** An application of somebody else's with its own PostgreSQL, and its user's plan and scenario. */
export interface OwnTarget extends AsyncDisposable {
  readonly url: string;
  readonly postgres: Postgres;
  /** Address of its PostgreSQL for a role. */
  as(user: string, password: string): string;
}

/** What the user of scaleplan gets: what was printed, and everything that was written. */
export interface Told extends Ended {
  readonly report: Record<string, any>;
  readonly samples: readonly Sample[];
  /** Every file of the run, logs included, in one text. */
  readonly written: string;
}

/** `makeRoles`: statements of the administrator before the load. */
export async function startOwnTarget(makeRoles = ''): Promise<OwnTarget> {
  await using started = new AsyncDisposableStack();
  const folder = await makeTempFolder('own-target');
  started.defer(() => folder.dispose());
  const postgres = await startPostgres({ dir: folder.path, settings: {} });
  started.defer(() => postgres.stop());
  const admin = new pg.Client(postgres.url);
  await admin.connect();
  await admin.query(`create table goods (id int primary key, price int); insert into goods select n, n from generate_series(1, 100) n; ${makeRoles}`);
  await admin.end();
  const application = await launch({
    name: 'own-application',
    command: execPath,
    args: (port) => [fileURLToPath(new URL('./own-target-app.ts', import.meta.url)), String(port)],
    isReady: (port) => fetch(`http://127.0.0.1:${port}/goods/1`).then(({ ok }) => ok, () => false),
    stopSignal: 'SIGTERM',
    logFile: join(folder.path, 'application.log'),
    env: { DATABASE_URL: postgres.url, POOL_SIZE: String(POOL_SIZE) },
  });
  started.defer(() => application.stop());
  const owned = started.move();
  return {
    url: `http://127.0.0.1:${application.port}`,
    postgres,
    as: (user, password) => Object.assign(new URL(postgres.url), { username: encodeURIComponent(user), password }).href,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** `scaleplan test` as its user calls it, in a folder with a plan and a scenario of the user's own. Its load is more than the pool carries. */
export async function testOwnTarget(target: string, probes: readonly string[]): Promise<Told> {
  const folder = await makeTempFolder('own-plan');
  try {
    writeFileSync(join(folder.path, 'plan.yaml'), PLAN);
    writeFileSync(join(folder.path, 'goods.yml'), SCENARIO);
    const flags = ['--plan', 'plan.yaml', '--phase', '1', '--profile', 'as-written', '--target', target, ...probes.flatMap((probe) => ['--probe', probe])];
    const ended = await run(['test', '--suite', 'load', ...flags], folder.path);
    const reports = join(folder.path, 'reports');
    if (!existsSync(reports)) throw new Error(`no run was made:\n${ended.err}`);
    const [id = ''] = readdirSync(reports).filter((name) => /^\d{8}T/.test(name));
    const files = readdirSync(reports, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    return {
      ...ended,
      report: JSON.parse(readFileSync(join(reports, id, 'run.json'), 'utf8')) as Record<string, any>,
      samples: readFileSync(join(reports, id, 'samples.ndjson'), 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Sample),
      written: files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8')).join('\n'),
    };
  } finally {
    await folder.dispose();
  }
}
