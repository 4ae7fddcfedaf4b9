import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, ScaleplanError, type ExitCode } from '../../errors.ts';
import { configurationText } from '../../init/config-text.ts';
import { planText } from '../../init/plan-text.ts';
import { scenarioText } from '../../init/scenario-text.ts';
import { workflowText } from '../../init/workflow-text.ts';
import { findPhase } from '../../plan/resolve.ts';
import { loadPlan } from '../../plan/load.ts';
import { makeFolder } from '../../process/make-folder.ts';
import { wrap } from '../../reporters/layout.ts';
import type { Host } from '../host.ts';
import { answersFor, type Answers, type InitFlags } from '../init-answers.ts';
import { settingsFor } from '../settings.ts';
import { planSteps } from '../steps.ts';
import { toolVersion } from '../version.ts';

const FILES = { configuration: 'scaleplan.config.yaml', plan: 'scaleplan/plan.yaml', scenario: 'scaleplan/scenario.yml', workflow: '.github/workflows/scaleplan.yml' } as const;

interface Written {
  readonly file: string;
  readonly done: 'written' | 'kept';
}

/** `scaleplan init`: answers → texts → files that are not there yet → read back as `test` would read them. */
export async function init(flags: InitFlags, host: Host): Promise<ExitCode> {
  const answers = await answersFor(flags, host);
  const { texts, variables } = textsFor(answers);
  const written = texts.map(([file, text]) => writeNew(host.cwd, file, text));
  await readBack(host, variables);
  const next = nextCommand(host.cwd);
  if (flags.json) host.out.write(`${JSON.stringify({ files: written, variables, next }, null, 2)}\n`);
  else tell({ written, variables, answers, next }, host);
  return EXIT.passed;
}

/** As it can be pasted: a package's own command is not on the PATH. */
function nextCommand(cwd: string): string {
  return `${existsSync(join(cwd, 'node_modules/.bin/scaleplan')) ? 'npx ' : ''}scaleplan test --suite unit`;
}

function textsFor({ base, phase, id, target, allowedTargets, probes, sketch, ci }: Answers): { readonly texts: readonly (readonly [string, string])[]; readonly variables: readonly string[] } {
  const configuration = configurationText({
    plan: `./${FILES.plan}`, phase, target, allowedTargets, probes, wantsLogin: sketch.notes.some((note) => note.includes('log in')),
  });
  const plan = planText({ id, base, scenario: 'scenario.yml', journeys: sketch.journeys.map(({ name }) => name), probes: probes.map(({ kind }) => kind) });
  return {
    variables: configuration.variables,
    texts: [
      [FILES.configuration, configuration.text], [FILES.plan, plan], [FILES.scenario, scenarioText(sketch, withoutLogin(target))],
      ...(ci ? [[FILES.workflow, workflowText({ version: toolVersion(), variables: configuration.variables })] as const] : []),
    ],
  };
}

function withoutLogin(target: string): string {
  const url = new URL(target);
  [url.username, url.password] = ['', ''];
  return url.href.replace(/\/$/, '');
}

/** What is there stays as it is: `wx` refuses to overwrite, also what came a moment ago. */
function writeNew(cwd: string, file: string, text: string): Written {
  const path = join(cwd, file);
  if (existsSync(path)) return { file, done: 'kept' };
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text, { flag: 'wx' });
    return { file, done: 'written' };
  } catch (cause) {
    throw new ScaleplanError('output-not-writable', `Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}.`, { hint: 'Run it in a folder that can be written.', cause });
  }
}

/** As a dry run reads them; a variable that is not set yet stands for anything. Throws what `test` would throw. */
async function readBack(host: Host, variables: readonly string[]): Promise<void> {
  const unset = Object.fromEntries(variables.filter((name) => host.env[name] === undefined).map((name) => [name, 'unset']));
  const settings = await settingsFor({}, { ...host, env: { ...host.env, ...unset } });
  const plan = await loadPlan(settings.plan, { cwd: host.cwd });
  await planSteps(plan, findPhase(plan, settings.phase), settings, host.cwd);
}

interface Told {
  readonly written: readonly Written[];
  readonly variables: readonly string[];
  readonly answers: Answers;
  readonly next: string;
}

function tell({ written, variables, answers: { sketch, target, phase }, next }: Told, { out }: Host): void {
  const { chalk, write } = out;
  const say = (text: string, first = ''): void => write(`${wrap(text, out.columns(), first).join('\n')}\n`);
  for (const { file, done } of written) write(`${done === 'written' ? chalk.green('written') : chalk.yellow('kept   ')} ${file}${done === 'kept' ? ', it was there' : ''}\n`);
  const requests = sketch.journeys.reduce((sum, journey) => sum + journey.requests.length, 0);
  write('\n');
  say(`The scenario has ${requests} ${requests === 1 ? 'request' : 'requests'} in ${sketch.journeys.length} ${sketch.journeys.length === 1 ? 'journey' : 'journeys'}, made from ${sketch.from}.`);
  for (const note of sketch.notes) say(note, '  ');
  if (variables.length > 0) say(`Set ${variables.join(', ')}: passwords were not written down.`);
  say(`Phase ${phase} is tested unless --phase says otherwise. With the system running at ${new URL(target).origin}, try:`);
  write(`\n  ${chalk.bold(next)}\n`);
}
