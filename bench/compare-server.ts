/**
 * A server of known delay on a noisy machine, in a process of its own: `compare-server.ts <port> <factor>`. Each answer takes its
 * path's median × factor, log-normal (σ 0.3); the machine's speed swings by ± 10 % in waves of 7 s, 31 s and 3 min, by the clock,
 * so that every such server feels the same waves at the same time. It prints its port and ends with its stdin.
 */
import { createServer } from 'node:http';

const [port, factor] = process.argv.slice(2).map(Number);
/** The journeys of compare-scenario.yml. */
const MEDIANS_MS: Readonly<Record<string, number>> = { '/': 30, '/search': 45, '/cart': 25, '/account': 60 };

const server = createServer((request, response) => {
  const medianMs = MEDIANS_MS[request.url ?? '/'] ?? 30;
  const ms = medianMs * (factor ?? 1) * Math.exp(machine(Date.now() / 1000) + 0.3 * normal());
  setTimeout(() => response.end('ok'), ms);
});
server.listen(port, '127.0.0.1', () => console.log(String(port)));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

function machine(second: number): number {
  return 0.05 * (Math.sin((2 * Math.PI * second) / 7) + Math.sin((2 * Math.PI * second) / 31) + Math.sin((2 * Math.PI * second) / 181));
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
