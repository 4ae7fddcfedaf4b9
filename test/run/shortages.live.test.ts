import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import type { LoadShape } from '../../src/model/load.ts';
import { constant } from '../engines/artillery/run-script.ts';
import { stage } from '../engines/autocannon/measure.ts';
import { startBehavingServer } from '../engines/behaving-server.ts';
import { missingK6 } from '../engines/k6/built.ts';
import { tellStep } from './tell-step.ts';

const noK6 = await missingK6();
const SHAPES: Readonly<Record<string, LoadShape>> = {
  autocannon: { model: 'closed', stages: [stage(250, 3)] },
  artillery: { model: 'open', stages: [constant(90, 3)] },
  k6: { model: 'open', stages: [constant(90, 3)] },
};
/** Connections are held for two seconds, so that more of them are open than the limit allows. */
const behaviour = { delayMs: 2000 };

/** A network of its own with so many ports for connections; null where nobody but root may make one. */
const FEW_PORTS = 'ip link set lo up && echo "28000 28059" > /proc/sys/net/ipv4/ip_local_port_range && exec "$@"';
const mayUnshare = spawnSync('/bin/sh', ['-c', `unshare -n sh -c '${FEW_PORTS}' sh true`], { stdio: 'ignore' }).status === 0;

describe('what the machine of the generator ran out of makes the run invalid, on every engine', { concurrency: 2 }, () => {
  for (const [engine, shape] of Object.entries(SHAPES)) {
    const skip = engine === 'k6' ? noK6 : false;

    test(`${engine}: no free file descriptor`, { skip }, async () => {
      await using server = await startBehavingServer(behaviour);
      const told = await tellStep({ engine, target: server.url, load: { shape, timeoutMs: 5000 } }, 'ulimit -n 140; exec "$@"');
      assert.match([...told.reasons, JSON.stringify(told)].join('\n'), /[\d,]+ of [\d,]+ requests could not be sent, for the generator had no free file descriptor left.*ulimit -n/);
      assert.ok((told.errors['engine'] ?? 0) > 20, JSON.stringify(told.errors));
      assert.equal(told.outcome, '{"status":"completed"}');
    });

    test(`${engine}: no free port`, { skip: skip || (mayUnshare ? false : 'a network of its own can only be made as root') }, async () => {
      const told = await tellStep({ engine, target: behaviour, load: { shape, timeoutMs: 5000 } }, `exec unshare -n sh -c '${FEW_PORTS}' sh "$@"`);
      assert.match([...told.reasons, JSON.stringify(told)].join('\n'), /[\d,]+ of [\d,]+ requests could not be sent, for this machine had no free port left.*ip_local_port_range/);
      assert.ok((told.errors['engine'] ?? 0) > 20, JSON.stringify(told.errors));
    });
  }
});
