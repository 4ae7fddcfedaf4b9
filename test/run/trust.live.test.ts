import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadShape } from '../../src/model/load.ts';
import { constant } from '../engines/artillery/run-script.ts';
import { stage } from '../engines/autocannon/measure.ts';
import type { Behaviour } from '../engines/behaving-server.ts';
import { missingK6 } from '../engines/k6/built.ts';
import { tellStep } from './tell-step.ts';

const noK6 = await missingK6();

/** Cheap to send and dear to read: the generator looks for something in a whole megabyte. */
const heavy: Behaviour = { bodyBytes: 1_000_000 };
const reading = 'config: {target: "http://127.0.0.1"}\nscenarios: [{name: one, flow: [{get: {url: /big, capture: {regexp: "x{12}y", as: id}}}]}]\n';

/**
 * [engine, a load that this engine cannot make when every answer has to be read, what is said of it, a load that waits for a slow target].
 * What artillery cannot make is in test/e2e/broken-runs.live.test.ts: 4,000 journeys a second.
 */
const ENGINES: readonly (readonly [string, LoadShape | null, RegExp, LoadShape])[] = [
  ['autocannon', { model: 'closed', stages: [stage(10, 6)] }, /the generator(’s event loop was saturated| was more than 100 ms late) in \d+ of \d+ judged seconds, at [\d.,]+ requests\/s.*second machine/, { model: 'closed', stages: [stage(30, 5)] }],
  ['artillery', null, /./, { model: 'open', stages: [constant(15, 5)] }],
  ['k6', { model: 'open', stages: [constant(200, 4)] }, /only [\d,]+ of [\d,]+ journeys were started \([\d.,]+ journeys\/s of [\d.,]+ journeys\/s\): k6 on this machine cannot make.*machines like it would do/, { model: 'open', stages: [constant(15, 5)] }],
];

for (const [engine, tooMuch, said, waiting] of ENGINES) {
  describe(`${engine}: who is the limit`, { skip: engine === 'k6' ? noK6 : false }, () => {
    if (tooMuch !== null) {
      test('the generator, which has more to read than it can: the run is invalid, with the rate that it makes and what to do', async () => {
        const asked = { engine, target: heavy, script: reading, load: { shape: tooMuch, timeoutMs: 500 } };
        // One core for k6, however many this machine has.
        const { reasons } = await tellStep(asked, 'exec "$@"', { GOMAXPROCS: '1' });
        assert.match(reasons.join('\n'), said);
      });
    }

    test('the target, however slow, even where no request is answered in time: nothing is said of the generator', async () => {
      const [slow, silent] = await Promise.all([
        tellStep({ engine, target: { delayMs: 900 }, load: { shape: waiting, timeoutMs: 2000 } }),
        tellStep({ engine, target: { silentEvery: 1 }, load: { shape: waiting, timeoutMs: 1000 } }),
      ]);
      assert.deepEqual([slow.reasons, silent.reasons].map(ofGenerator), [[], []]);
      assert.deepEqual(slow.errors, {});
      assert.ok((silent.errors['timeout'] ?? 0) > 0, JSON.stringify(silent.errors));
    });
  });
}

/** Whether a neighbour takes the CPU away is another question, and no test can decide it. */
function ofGenerator(reasons: readonly string[]): string[] {
  return reasons.filter((reason) => !reason.startsWith('the hypervisor gave'));
}
