import { resolve } from 'node:path';
import type { Configuration, Profile } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { ScaleplanError } from '../errors.ts';
import { LOAD_SPEC_EXAMPLES, readLoadSpec, type LoadSpec } from '../model/load-spec.ts';
import type { SuiteId } from '../model/plan.ts';
import { parseProbe, type ProbeRequest } from '../probes/registry.ts';
import { DEFAULT_REPORTERS } from '../reporters/registry.ts';
import { didYouMean } from '../model/nearest.ts';
import { DEFAULT_PLAN } from './commands/plan.ts';
import type { Host } from './host.ts';
import { ownPhase } from './known-bottleneck.ts';
import type { WriteSettings } from './write-settings.ts';

/** The flags of `test` as the command line delivers them. */
export interface TestFlags {
  readonly plan?: string;
  readonly phase?: string;
  readonly target?: string;
  readonly demo?: string;
  readonly suite?: readonly string[];
  readonly scenario?: readonly string[];
  readonly engine?: string;
  readonly profile?: string;
  readonly duration?: string;
  readonly users?: string;
  readonly rate?: string;
  readonly shape?: string;
  readonly probe?: readonly string[];
  readonly reporter?: readonly string[];
  readonly output?: string;
  readonly allowTarget?: readonly string[];
  readonly acceptNoise?: boolean;
  readonly baseline?: string;
  readonly during?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What a test is made of once defaults, file, environment and flags are laid over each other. */
export interface Settings extends Omit<Configuration, 'plan' | 'phase' | 'suites' | 'reporters' | 'engine' | 'probes'> {
  readonly plan: string;
  /** Whether somebody named the plan; the output says so when nobody did. */
  readonly isPlanNamed: boolean;
  readonly phase: string;
  readonly demo: string | null;
  /** The experiment of `--during`. */
  readonly during: string | null;
  /** A write of the user's own target, and who counts it. */
  readonly writes: WriteSettings | null;
  readonly suites: readonly SuiteId[];
  readonly engine: string | null;
  readonly probes: readonly ProbeRequest[];
  readonly reporters: readonly string[];
  readonly profile: Profile;
  readonly durationSeconds: number | null;
  readonly users: number | null;
  readonly ratePerSec: number | null;
  /** `--shape`; null: the plan's own. */
  readonly shape: LoadSpec | null;
}

const SUITES: readonly SuiteId[] = ['unit', 'integration', 'load', 'stress'];
const DEFAULT_SUITES: readonly SuiteId[] = ['unit', 'load'];

/** defaults → file → `SCALEPLAN_*` → flags. Throws `wrong-usage`, `wrong-configuration`, `unknown-name`. */
export async function settingsFor(flags: TestFlags, host: Host): Promise<Settings> {
  const configured = await loadConfiguration({ cwd: host.cwd, env: host.env });
  const plan = flags.plan ?? configured.plan;
  const phase = flags.phase ?? configured.phase ?? await ownPhase(flags, plan);
  const profile = (flags.profile ?? configured.profile) as Profile;
  refuseLoadFlags(profile, flags);
  if (phase === null) throw new ScaleplanError('wrong-usage', 'No phase was named.', { hint: 'Name one: --phase 2; scaleplan plan show lists them.' });
  return {
    ...configured,
    plan: plan ?? DEFAULT_PLAN,
    isPlanNamed: plan !== null,
    phase,
    target: flags.demo === undefined ? (flags.target ?? configured.target) : null,
    demo: flags.demo ?? null,
    during: flags.during ?? null,
    writes: null,
    suites: flags.suite ? namedSuites(flags.suite) : flags.during !== undefined ? ['load'] : (configured.suites ?? DEFAULT_SUITES),
    scenarios: flags.scenario ?? configured.scenarios,
    engine: flags.engine ?? configured.engine,
    profile,
    probes: flags.probe ? flags.probe.map(parseProbe) : configured.probes,
    reporters: reportersOf(flags, configured),
    output: flags.output === undefined ? configured.output : resolve(host.cwd, flags.output),
    allowedTargets: [...configured.allowedTargets, ...(flags.allowTarget ?? [])],
    acceptNoise: flags.acceptNoise ?? configured.acceptNoise,
    durationSeconds: flags.duration === undefined ? null : secondsFrom(flags.duration),
    users: positive('--users', flags.users),
    ratePerSec: positive('--rate', flags.rate),
    shape: flags.shape === undefined ? null : shapeFrom(flags.shape, host.cwd),
  };
}

/** A flag that a profile cannot heed is refused: ignored in silence, the run would be another than the one asked for. */
function refuseLoadFlags(profile: Profile, flags: TestFlags): void {
  const { duration, users, rate, shape } = flags;
  const heedless = { quick: {}, documented: { shape }, 'as-written': { duration, users, rate, shape } }[profile];
  const [refused] = Object.entries(heedless).filter(([, value]) => value !== undefined);
  if (refused === undefined) return;
  const own = profile === 'documented' ? 'the rungs that the document gives' : 'the phases of the scenario file, as they are';
  throw new ScaleplanError('wrong-usage', `--profile ${profile} runs ${own}: --${refused[0]} cannot change it.`, { hint: `Leave one of the two out; --${refused[0]} goes with --profile quick.` });
}

/** With --json stdout holds JSON alone: whatever else would be printed there is left out. */
function reportersOf(flags: TestFlags, { reporters }: Configuration): readonly string[] {
  const named = flags.reporter ?? reporters ?? DEFAULT_REPORTERS;
  return flags.json ? [...named.filter((name) => name !== 'terminal' && name !== 'json'), 'json'] : named;
}

function namedSuites(names: readonly string[]): readonly SuiteId[] {
  return names.map((name) => {
    const suite = SUITES.find((known) => known === name);
    if (!suite) throw new ScaleplanError('unknown-name', `There is no suite "${name}"${didYouMean(name, SUITES)}`, { hint: `There are: ${SUITES.join(', ')}.` });
    if (suite === 'stress') throw new ScaleplanError('wrong-usage', 'The stress suite is no part of a test: it searches the breaking point.', { hint: `test runs ${SUITES.filter((one) => one !== 'stress').join(', ')}.` });
    return suite;
  });
}

/** `90`, `90s`, `5m`, `1h` in seconds. */
export function secondsFrom(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*(s|sec|m|min|h)?$/.exec(text.trim());
  const factor = { s: 1, sec: 1, m: 60, min: 60, h: 3600 }[found?.[2] ?? 's'] ?? 1;
  const seconds = Number(found?.[1]) * factor;
  if (!found || !(seconds >= 1)) throw new ScaleplanError('wrong-usage', `--duration ${text} is no duration.`, { hint: 'Write 60s, 5m or 1h; at least one second.' });
  return Math.ceil(seconds);
}

function shapeFrom(text: string, cwd: string): LoadSpec {
  const spec = readLoadSpec(text);
  if (spec === null) throw new ScaleplanError('wrong-usage', `--shape "${text}" is no shape.`, { hint: `Write one of: ${LOAD_SPEC_EXAMPLES.join(' · ')}` });
  return spec.kind === 'replay' ? { ...spec, file: resolve(cwd, spec.file) } : spec;
}

function positive(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text.replaceAll(/[,_]/g, ''));
  if (!Number.isFinite(value) || value <= 0) throw new ScaleplanError('wrong-usage', `${flag} ${text} is no positive number.`, { hint: `Example: ${flag} 500` });
  return value;
}
