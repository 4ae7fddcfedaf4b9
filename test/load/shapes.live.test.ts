import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { engineNamed } from '../../src/engines/registry.ts';
import { replayTraffic } from '../../src/load/replay.ts';
import { closedStagesOf, openStagesOf, piecesOf, type Piece } from '../../src/load/spec-stages.ts';
import { readLoadSpec } from '../../src/model/load-spec.ts';
import { arrivalsAskedAt, stageAt, type LoadShape } from '../../src/model/load.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { load, measure, type Measured } from '../engines/autocannon/measure.ts';
import { startBehavingServer, type SeenRequest } from '../engines/behaving-server.ts';
import { missingK6 } from '../engines/k6/built.ts';

const noK6 = await missingK6();
const ARRIVALS_PER_SEC = 20;

/** The pieces of a shape as people write it, in a tenth of its time: their order and their levels are what is tested. */
function shortened(text: string, judgedSeconds: number): Piece[] {
  const spec = readLoadSpec(text);
  assert.ok(spec !== null && spec.kind !== 'replay', text);
  return piecesOf(spec, judgedSeconds).map((piece) => ({ ...piece, seconds: Math.ceil(piece.seconds / 10) }));
}

const REPLAYED = replayTraffic('traffic.csv', 'time,requests_per_second\n0,10\n1,25\n2,0\n3,15\n').pieces;
/** Every shape there is, one after the other. */
const PIECES: readonly Piece[] = [
  ...shortened('constant', 10), ...shortened('ramp 10-100 %', 40), ...shortened('steps 50, 100, 25 % for 20 s', 0), ...shortened('spike 300 % for 10 s', 20), ...shortened('soak 10 s', 0), ...REPLAYED,
];

const SCRIPT = `config: {target: "http://127.0.0.1"}
scenarios: [{name: one, flow: [{get: {url: /}}]}]
`;
const THINKING = `config: {target: "http://127.0.0.1"}
scenarios: [{name: one, flow: [{get: {url: /}}, {think: 100ms}]}]
`;

async function run(name: string, script: string, shape: LoadShape, target: string): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'shapes-'));
  try {
    const file = join(folder, 'script.yml');
    await writeFile(file, script);
    return await measure(load(target, { shape, scenario: await loadScenario(file) }), { engine: await engineNamed(name) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Requests that the server saw in each second of the load, by its own clock. */
function seenBySecond(record: readonly SeenRequest[], startedAtMs: number, seconds: number): number[] {
  return Array.from({ length: seconds }, (_, second) => record.filter(({ arrivedAtMs }) => Math.floor((arrivedAtMs - startedAtMs) / 1000) === second).length);
}

/** Never ahead of the schedule, and behind it by two seconds at most, which a busy machine may be late. */
function follows(counts: readonly number[], asked: readonly number[]): boolean {
  const upTo = (list: readonly number[], second: number): number => list.slice(0, Math.max(0, second + 1)).reduce((sum, one) => sum + one, 0);
  return counts.every((_, second) => upTo(counts, second) <= upTo(asked, second) + 2 && upTo(counts, second) >= upTo(asked, second - 2) - 2);
}

describe('what was asked and what was sent, for every second of every shape', { concurrency: 2 }, () => {
  for (const [name, skip] of [['artillery', false], ['k6', noK6]] as const) {
    test(`${name}: constant, ramp, steps, spike, soak and a CSV of rates, in the open model`, { skip }, async () => {
      await using server = await startBehavingServer();
      const shape: LoadShape = { model: 'open', stages: openStagesOf(PIECES, ARRIVALS_PER_SEC) };
      const { intervals } = await run(name, SCRIPT, shape, server.url);
      const seconds = PIECES.reduce((sum, piece) => sum + piece.seconds, 0);
      const asked = Array.from({ length: seconds }, (_, second) => arrivalsAskedAt(shape, second));
      const sent = asked.map((_, second) => intervals[second]?.sent ?? 0);
      const record = await server.record();
      const seen = seenBySecond(record, intervals[0]?.startedAtMs ?? 0, seconds);
      const side = asked.map((one, second) => `${second}: asked ${one.toFixed(1)}, sent ${sent[second]}, seen ${seen[second]}`).join('\n');
      assert.ok(follows(sent, asked) && follows(seen, asked), side);
      const total = asked.reduce((sum, one) => sum + one, 0);
      assert.ok(Math.abs(record.length - total) <= 1, `${record.length} of ${total}\n${side}`);
    });
  }

  for (const [name, script, perUser, skip] of [['autocannon', SCRIPT, 10, false], ['k6', THINKING, 5, noK6]] as const) {
    test(`${name}: steps of users, ${name === 'k6' ? 'who think between their requests' : 'who do not think'}, in the closed model`, { skip }, async () => {
      await using server = await startBehavingServer({ delayMs: 100 });
      const shape: LoadShape = { model: 'closed', stages: closedStagesOf(shortened('steps 25, 100, 50 % for 30 s', 0), 12) };
      const { intervals } = await run(name, script, shape, server.url);
      const side: string[] = [];
      const byUsers = new Map<number, number>();
      for (const { second, sent } of intervals) {
        const users = [second - 1, second, second + 1].map((at) => stageAt(shape, at)).map((stage) => (stage !== undefined && 'users' in stage ? stage.users : null));
        if (users.some((count) => count !== users[1])) continue;
        side.push(`${second}: ${users[1]} users, sent ${sent}`);
        // Never more than they can make; on a busy machine less.
        assert.ok(sent <= 1.15 * perUser * (users[1] ?? 0) + 2 && sent >= 0.2 * perUser * (users[1] ?? 0) - 2, side.join('\n'));
        byUsers.set(users[1] ?? 0, Math.max(sent, byUsers.get(users[1] ?? 0) ?? 0));
      }
      assert.ok(side.length >= 3, side.join('\n'));
      assert.ok((byUsers.get(12) ?? 0) > 1.5 * (byUsers.get(3) ?? Infinity), side.join('\n'));
    });
  }
});
