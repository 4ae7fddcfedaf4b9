/**
 * Takes the place of autocannon's worker: the least that a client can be. Each user is a socket that writes the same bytes again once as
 * many have come as an answer has; nothing is parsed. What it measures beside the server's record is what no engine can be nearer than.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { IntervalRecorder } from '../src/engines/autocannon/recorder.ts';
import type { Job } from '../src/engines/autocannon/protocol.ts';

const READ_BYTES = 65_536;
/** Its heads are shorter. */
const HEAD_BYTES = 1000;
const HEAD_END = '\r\n\r\n';

const say = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
const [line] = await new Promise<string[]>((resolve) => createInterface({ input: process.stdin }).once('line', (one) => resolve([one])));
const { target, stages }: Job = JSON.parse(line ?? '{}'); // written by our own driver
const { hostname, port } = new URL(target);
const [stage] = stages;
const startedAt = performance.now();
const endsAt = startedAt + (stage?.durationSeconds ?? 0) * 1000;
const recorder = new IntervalRecorder([{ journey: 'visit', step: 'GET /a' }], startedAt, (interval) => say({ type: 'interval', interval }));
const ticking = setInterval(() => recorder.roll(performance.now()), 100);
await Promise.all(Array.from({ length: stage?.users ?? 0 }, () => use()));
clearInterval(ticking);
recorder.finish(performance.now());
say({ type: 'end' });
await sleep(200);
process.exit(0);

/** One user, to the end of the load. */
async function use(): Promise<void> {
  const request = Buffer.from(`GET /a HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const answer = { missing: 0, firstAt: 0, sentAt: 0, isHead: true };
  await new Promise<void>((resolve, reject) => {
    const socket: Socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback: (count) => read(count) } });
    const send = (): void => {
      Object.assign(answer, { missing: 0, firstAt: 0, sentAt: performance.now(), isHead: true });
      recorder.sent();
      socket.write(request);
    };
    const read = (count: number): boolean => {
      const now = performance.now();
      if (answer.isHead) {
        answer.firstAt = now;
        answer.missing = lengthOf(buffer.toString('latin1', 0, Math.min(count, HEAD_BYTES)));
        answer.isHead = false;
      }
      answer.missing -= count;
      if (answer.missing > 0) return true;
      recorder.answer(0, now, null, 200, now - answer.sentAt, answer.firstAt - answer.sentAt, count);
      if (now < endsAt) send();
      else socket.end(resolve);
      return true;
    };
    socket.on('error', reject);
    send();
  });
}

/** Bytes of a whole answer, by its head; the server of the bench sends that in one piece. */
function lengthOf(head: string): number {
  return head.indexOf(HEAD_END) + HEAD_END.length + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}
