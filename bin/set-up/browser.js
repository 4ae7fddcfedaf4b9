import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_ROOT, hasDebianPackages, libraryFolders, unpackDebian, unpackedFolder, withFreshLists } from './debian.js';
import { CACHE, isProgram, onPath } from './place.js';
import { run, say, step } from './step.js';

/** src/probes/find-browser.ts looks for the same names. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const OURS = join(CACHE, 'bin', 'chromium');

const INSTALL = `no browser: the tests of the report page will be skipped. Install one:
  Debian, Ubuntu   sudo apt-get install chromium
  Fedora           sudo dnf install chromium
  macOS            brew install --cask google-chrome`;

/** Sees that there is a browser for the tests of the report page. */
export function setUpBrowser() {
  if (process.env.SCALEPLAN_BROWSER || onPath(...NAMES) !== null || isProgram(OURS) || existsSync(MAC)) return;
  if (!hasDebianPackages()) return say(INSTALL);
  try {
    step('Chromium for the tests of the report, unpacked into .cache', unpackChromium);
  } catch (error) {
    rmSync(OURS, { force: true });
    if (!IS_ROOT) return say(`${error.message}\n${INSTALL}`);
    say(error.message);
    installChromium();
  }
}

function unpackChromium() {
  // A font too: without any, text has no width and the layout cannot be judged.
  unpackDebian('chromium', ['chromium', 'fonts-dejavu-core']);
  const tree = unpackedFolder('chromium');
  const program = join(tree, 'usr/lib/chromium/chromium');
  const fonts = join(tree, 'scaleplan-fonts.conf');
  const ownRules = join(tree, 'etc/fonts/fonts.conf');
  writeFileSync(fonts, fontSettings(existsSync('/etc/fonts/fonts.conf') ? '/etc/fonts/fonts.conf' : ownRules, join(tree, 'usr/share/fonts')));
  mkdirSync(join(CACHE, 'bin'), { recursive: true });
  writeFileSync(
    OURS,
    `#!/bin/sh
export LD_LIBRARY_PATH="${libraryFolders(tree).join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="${fonts}"
exec "${program}" "$@"
`,
  );
  chmodSync(OURS, 0o755);
  tryBrowser(OURS);
}

function fontSettings(rules, folder) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">${rules}</include>
  <dir>${folder}</dir>
  <cachedir>${join(CACHE, 'fontconfig')}</cachedir>
</fontconfig>
`;
}

/** A library may be missing that no package names; only a page that was laid out shows that it works. */
function tryBrowser(program) {
  const page = 'data:text/html,<b id="b">text</b><script>b.title=b.offsetWidth>5</script>';
  const profile = join(CACHE, 'browser-try');
  const args = ['--headless', '--disable-gpu', ...(IS_ROOT ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, '--dump-dom', page];
  const text = run(program, args, { timeout: 60_000 });
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  if (!text.includes('title="true"')) throw new Error(`${program} starts, but lays out no text:\n${text}`);
}

function installChromium() {
  // Another program may be installing something; apt-get would give up at once.
  const args = ['install', '-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'chromium', 'fonts-dejavu-core'];
  try {
    step('Chromium for the tests of the report, installed', () =>
      withFreshLists(() => run('apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })),
    );
  } catch (error) {
    say(`${error.message}\n${INSTALL}`);
  }
}
