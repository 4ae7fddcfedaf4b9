import { createBalancer } from './balancer.ts';
import { readSettings } from './settings.ts';

/** The balancer as a process, `main.ts PORT`: prints `ready` once it listens, ends on SIGTERM. */
const { server, stop } = createBalancer(readSettings(process.env).ports);
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  stop();
});
