import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { readSettings } from './settings.ts';

/**
 * A long way between clients and the application, as a process, `main.ts PORT`: bytes pass a relay that holds the answers back.
 * Not every kernel can delay packets itself, and a relay needs no privileges.
 */
const { port, delayMs } = readSettings(process.env);
const server = createServer((client) => {
  const application = connect({ host: '127.0.0.1', port, noDelay: true });
  client.setNoDelay(true);
  client.on('data', (piece) => void application.write(piece));
  application.on('data', (piece) => setTimeout(() => void (client.destroyed || client.write(piece)), delayMs));
  endTogether(client, application);
  endTogether(application, client);
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => process.exit(0));

/** What one side says last still reaches the other before it ends. */
function endTogether(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy());
  one.on('close', () => setTimeout(() => other.end(), delayMs));
}
