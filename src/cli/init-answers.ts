import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { ScaleplanError } from '../errors.ts';
import { sketchFromHar } from '../init/from-har.ts';
import { sketchFromOpenApi } from '../init/from-openapi.ts';
import { minimalSketch, type Sketch } from '../init/sketch.ts';
import { isLoopback } from '../model/loopback.ts';
import { didYouMean } from '../model/nearest.ts';
import type { Phase, Plan } from '../model/plan.ts';
import { listPlans } from '../plan/list.ts';
import { loadPlan } from '../plan/load.ts';
import { findPhase } from '../plan/resolve.ts';
import { parseProbe, type ProbeRequest } from '../probes/registry.ts';
import { DEFAULT_PLAN } from './commands/plan.ts';
import type { Host } from './host.ts';

export interface InitFlags {
  readonly plan?: string;
  readonly id?: string;
  readonly users?: string;
  readonly phase?: string;
  readonly target?: string;
  readonly openapi?: string;
  readonly har?: string;
  readonly writes?: boolean;
  readonly probe?: readonly string[];
  readonly allowTarget?: readonly string[];
  readonly ci?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Everything the files are made of. */
export interface Answers {
  readonly base: Plan;
  readonly phase: string;
  readonly id: string;
  readonly target: string;
  readonly allowedTargets: readonly string[];
  readonly probes: readonly ProbeRequest[];
  readonly sketch: Sketch;
  readonly ci: boolean;
}

const DEFAULT_TARGET = 'http://127.0.0.1:3000';
/** Where descriptions usually stand. */
const DESCRIPTIONS = ['openapi.yaml', 'openapi.yml', 'openapi.json', 'swagger.yaml', 'swagger.json', 'docs/openapi.yaml', 'docs/openapi.json', 'api/openapi.yaml'];

/** Flags first; in a terminal questions for what they leave open; else defaults. Throws `wrong-usage`, `unknown-name`. */
export async function answersFor(flags: InitFlags, host: Host): Promise<Answers> {
  if (flags.openapi !== undefined && flags.har !== undefined) throw new ScaleplanError('wrong-usage', 'The routes come from one file.', { hint: 'Name --openapi or --har.' });
  const isAsking = host.ask !== undefined && flags.yes !== true && flags.json !== true;
  const ask = async (given: string | undefined, question: string, fallback: string): Promise<string> => {
    if (given !== undefined || !isAsking || host.ask === undefined) return given ?? fallback;
    const said = (await host.ask(`${question} [${fallback || 'none'}] `)).trim();
    return said === '' ? fallback : said;
  };
  const bundled = await listPlans();
  const plan = await ask(flags.plan, `Which plan is nearest to yours? ${bundled.join(', ')}`, DEFAULT_PLAN);
  if (!bundled.includes(plan)) throw new ScaleplanError('unknown-name', `There is no bundled plan "${plan}"${didYouMean(plan, bundled)}`, { hint: `There are: ${bundled.join(', ')}.` });
  const base = await loadPlan(plan, { cwd: host.cwd });
  const users = flags.phase === undefined ? await ask(flags.users, 'How many users are there now?', '') : '';
  const target = targetFrom(await ask(flags.target, 'Where is the system to be tested?', DEFAULT_TARGET));
  const routes = flags.har ?? await ask(flags.openapi, 'An OpenAPI description (.yaml, .json) or a recording (.har) of its routes?', foundDescription(host.cwd));
  return {
    base, target,
    phase: flags.phase === undefined ? phaseFor(base, users).id : findPhase(base, flags.phase).id,
    id: ownId(flags.id ?? nameOf(host.cwd), flags.id !== undefined, bundled),
    allowedTargets: flags.allowTarget ?? [],
    probes: flags.probe?.map(parseProbe) ?? probesFor(target),
    sketch: await sketchFor(routes, flags, target, host),
    ci: flags.ci !== false,
  };
}

function targetFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw new ScaleplanError('wrong-usage', `The target "${text}" is not an http or https URL.`, { hint: `Example: --target ${DEFAULT_TARGET}` });
  return text;
}

/** What runs on this machine shares it: how busy it is must be known. */
function probesFor(target: string): ProbeRequest[] {
  return isLoopback(target) ? [{ kind: 'host', address: 'local' }] : [];
}

/** The first phase that has room for these users; the first of all where nobody said how many. */
function phaseFor(plan: Plan, users: string): Phase {
  const count = users === '' ? 0 : Number(users.replaceAll(/[,_\s]/g, ''));
  if (!(count >= 0)) throw new ScaleplanError('wrong-usage', `--users ${users} is no number.`, { hint: 'Example: --users 500' });
  const phase = plan.phases.find(({ users: { max } }) => max === null || max >= count) ?? plan.phases.at(-1);
  if (phase === undefined) throw new RangeError(`${plan.id} has no phase`);
  return phase;
}

function nameOf(cwd: string): string {
  try {
    const { name } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { name?: unknown };
    if (typeof name === 'string') return name.replace(/^@[^/]+\//, '');
  } catch {
    // No package, or none that can be read: the folder has a name, too.
  }
  return basename(cwd);
}

function ownId(name: string, isNamed: boolean, bundled: readonly string[]): string {
  const id = name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'own';
  if (isNamed && id !== name) throw new ScaleplanError('wrong-usage', `--id ${name} is no id.`, { hint: `Small letters, digits, dots and dashes: --id ${id}` });
  if (!bundled.includes(id)) return id;
  if (isNamed) throw new ScaleplanError('wrong-usage', `--id ${id} is the id of a bundled plan.`, { hint: `Choose another: --id own-${id}` });
  return `own-${id}`;
}

function foundDescription(cwd: string): string {
  return DESCRIPTIONS.find((file) => existsSync(join(cwd, file))) ?? '';
}

async function sketchFor(file: string, { har, writes = false }: InitFlags, target: string, host: Host): Promise<Sketch> {
  if (file === '' || file === 'none') return minimalSketch();
  const path = resolve(host.cwd, file);
  const shown = relative(host.cwd, path) || path;
  const sketch = har !== undefined || /\.har$/i.test(file) ? await sketchFromHar(path, { writes, origin: new URL(target).origin }) : await sketchFromOpenApi(path, { writes });
  return { ...sketch, from: sketch.from.replace(path, shown) };
}
