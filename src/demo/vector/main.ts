import { createVectorService } from './server.ts';

/** The vector service as a process: `main.ts PORT FOLDER [BYTES_PER_SEC]`; prints `ready` once it listens, ends on SIGTERM. */
const [port, folder, bytesPerSec] = process.argv.slice(2);
const server = createVectorService({ folder: folder ?? '.', diskBytesPerSec: bytesPerSec === undefined ? null : Number(bytesPerSec) });
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
