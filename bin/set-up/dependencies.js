import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { CACHE, ROOT, isProgram } from './place.js';
import { run, step } from './step.js';

/** From here on Node runs TypeScript as it is, and artillery's `engines` are met. */
const NEEDED = [22, 18];
const MODULES = join(ROOT, 'node_modules');
const OWN_NODE = join(MODULES, '.bin', 'node');

/** Brings the dependencies by the lock file, under a Node that is new enough. */
export function setUpDependencies() {
  if (whatIsMissing() === null) return;
  const node = newNode();
  step('dependencies by the lock file (npm ci)', () =>
    // Named, because NODE_ENV=production or a setting of the user would leave them out.
    npm(node, ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'], ROOT),
  );
  const missing = whatIsMissing();
  if (missing !== null) throw new Error(`npm ci ended well, but ${missing}. Are install scripts switched off (ignore-scripts)?`);
}

/**
 * The Node to install under. Under an older one npm silently leaves out artillery: it is an optional dependency, and one
 * whose `engines` do not match is no error. The one in node_modules will not do either: `npm ci` deletes it first.
 */
function newNode() {
  if (isNewEnough(process.versions.node) && !process.execPath.startsWith(MODULES + sep)) return process.execPath;
  const prefix = join(CACHE, 'node');
  const node = join(prefix, 'node_modules', '.bin', 'node');
  const version = readJson(join(ROOT, 'package.json')).devDependencies.node;
  if (readJson(join(prefix, 'node_modules', 'node', 'package.json'))?.version === version && isProgram(node)) return node;
  step(`Node ${version} to install under (this one is ${process.versions.node})`, () =>
    npm(process.execPath, ['install', '--prefix', prefix, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`], CACHE_PARENT),
  );
  return node;
}

/** Not the project's own folder: npm would take its package.json into account. */
const CACHE_PARENT = dirname(ROOT);

function npm(node, args, cwd) {
  const env = {
    // npm and all install scripts find this Node first.
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    // Only its library is used; the browser's download is large and is fetched from elsewhere.
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
  };
  // The npm that called us, else the PATH's.
  const caller = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(caller)) run(node, [caller, ...args], { cwd, env });
  else run('npm', args, { cwd, env });
}

/** The first thing that is not as the lock file has it, in words; null when all is there. */
function whatIsMissing() {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(MODULES, '.package-lock.json'))?.packages;
  if (installed === undefined) return 'node_modules is not there';
  for (const [path, entry] of Object.entries(wanted)) {
    const version = installed[path]?.version;
    // Optional ones are for other systems for the most part; those that must be there are named below.
    if (path === '' || entry.link || (version === undefined && entry.optional)) continue;
    if (version !== entry.version) return `${path} is ${version ?? 'missing'} instead of ${entry.version}`;
  }
  const artillery = wanted['node_modules/artillery']?.version;
  if (readJson(join(MODULES, 'artillery', 'package.json'))?.version !== artillery) return 'artillery is missing';
  if (!isProgram(OWN_NODE)) return `${OWN_NODE} is missing`;
  if (!isNewEnough(wanted['node_modules/node']?.version ?? '0')) return 'the Node of the lock file is too old';
  return null;
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
