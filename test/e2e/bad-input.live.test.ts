import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync, existsSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { freePort } from '../../src/process/free-port.ts';
import { FIXTURES, run, workFolder, type Ended } from './program.ts';

const PLAN = join(FIXTURES, 'plan.yaml');

/** A known error: its exit code, what it says, no stack, nothing on stdout. */
function assertRefused(ended: Ended, code: number, ...words: readonly RegExp[]): void {
  assert.equal(ended.code, code, ended.err);
  for (const word of words) assert.match(ended.err, word);
  assert.doesNotMatch(ended.err, /\n\s+at .*\(|node:internal/);
  assert.equal(ended.out, '');
}

describe('wrong usage ends with 2 and names the nearest', () => {
  const cases: readonly (readonly [string, readonly string[], ...RegExp[]])[] = [
    ['an unknown command', ['tset'], /unknown command/, /Did you mean test/],
    ['an unknown flag', ['test', '--phse', '2'], /unknown option/, /Did you mean --phase/],
    ['an unknown plan', ['test', '--phase', '2', '--plan', 'venturs'], /venturs/, /did you mean "ventures"/],
    ['an unknown phase', ['test', '--phase', '9'], /no phase "9"/, /1 \(Foundation\)/],
    ['an unknown suite', ['test', '--phase', '2', '--suite', 'laod'], /no suite "laod"/, /did you mean "load"/],
    ['an unknown engine', ['test', '--phase', '2', '--engine', 'autocanon'], /no engine "autocanon"/, /Did you mean "autocannon"/],
    ['an unknown reporter', ['test', '--phase', '2', '--reporter', 'htlm'], /no reporter "htlm"/, /Did you mean "html"/],
    ['an unknown bottleneck', ['test', '--phase', '2', '--demo', 'cahce'], /no bottleneck "cahce"/, /did you mean "cache"/],
    ['an unknown scenario', ['test', '--phase', '2', '--scenario', 'laod'], /no scenario "laod"/],
    ['an unknown probe', ['test', '--phase', '2', '--probe', 'rediss=redis://x'], /redis/],
    ['an unknown profile', ['test', '--phase', '2', '--profile', 'quik'], /quick/],
    ['no phase', ['test'], /No phase/],
    ['a duration that is none', ['test', '--phase', '2', '--duration', 'soon'], /--duration soon/],
    ['a negative rate', ['test', '--phase', '2', '--rate=-3'], /--rate -3/],
    ['a demo of somebody else’s target', ['test', '--phase', '2', '--demo', 'cache', '--target', 'http://127.0.0.1:1'], /cannot be used with/],
    ['a target that is no URL', ['test', '--phase', '2', '--target', 'localhost'], /localhost/],
    ['a target that is neither loopback nor private', ['test', '--phase', '2', '--target', 'http://192.0.2.1'], /neither loopback nor private/, /--allow-target 192\.0\.2\.1/],
  ];
  for (const [name, args, ...words] of cases) {
    it(name, async () => {
      using folder = workFolder();
      const ended = await run(args, folder.path);
      assertRefused(ended, 2, ...words);
      assert.equal(existsSync(join(folder.path, 'reports')), false, 'nothing is left behind');
    });
  }
});

describe('wrong files end with 2 and the place', () => {
  it('a plan with a typo', async () => {
    using folder = workFolder();
    const file = join(folder.path, 'plan.yaml');
    writeFileSync(file, readFileSync(PLAN, 'utf8').replace('http.error_rate < 5 %', 'http.eror_rate < 5 %').replace('purpose:', 'porpose:'));
    const ended = await run(['test', '--phase', '1', '--plan', file], folder.path);
    assertRefused(ended, 2, /plan\.yaml:\d+:\d+ .*"http\.error_rate"/, /plan\.yaml:\d+:\d+ .*purpose/);
  });

  it('a scenario that uses a variable nothing captures', async () => {
    using folder = workFolder();
    copyFileSync(PLAN, join(folder.path, 'plan.yaml'));
    writeFileSync(join(folder.path, 'shop.yml'), readFileSync(join(FIXTURES, 'shop.yml'), 'utf8').replace('url: /', 'url: /items/{{ itmId }}'));
    assertRefused(await run(['test', '--phase', '1', '--plan', 'plan.yaml'], folder.path), 2, /shop\.yml:\d+:\d+.*itmId/);
  });

  it('a configuration with an unknown key', async () => {
    using folder = workFolder();
    writeFileSync(join(folder.path, 'scaleplan.config.yaml'), 'targt: http://127.0.0.1:3000\n');
    assertRefused(await run(['test', '--phase', '2'], folder.path), 2, /scaleplan\.config\.yaml:1:1.*targt/, /target/);
  });
});

describe('what cannot be carried out ends with 3 before any load', () => {
  it('a target that is down, within 2 s', async () => {
    using folder = workFolder();
    const ended = await run(['test', '--phase', '1', '--plan', PLAN, '--target', `http://127.0.0.1:${await freePort()}`], folder.path);
    assertRefused(ended, 3, /connection refused/, /No load was sent/);
    assert.ok(ended.seconds < 2, `${ended.seconds} s`);
    assert.deepEqual(folder.runs(), []);
  });

  it('an output folder that cannot be written', async () => {
    using folder = workFolder();
    writeFileSync(join(folder.path, 'taken'), '');
    const ended = await run(['test', '--phase', '2', '--output', 'taken/reports'], folder.path);
    assertRefused(ended, 3, /Cannot write the run to/, /--output/);
  });

  it('a report of a run that is not there', async () => {
    using folder = workFolder();
    assertRefused(await run(['report'], folder.path), 2, /no run/);
    mkdirSync(join(folder.path, 'old'));
    writeFileSync(join(folder.path, 'old/run.json'), '{"formatVersion": 99}');
    assertRefused(await run(['report', 'old'], folder.path), 2, /not a run that this version reads/);
  });
});
