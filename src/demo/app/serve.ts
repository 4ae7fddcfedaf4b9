import type { Server } from 'node:http';

/** Requests in flight may end within this time after SIGTERM. */
const DRAIN_MS = 3000;

/** Listens on the port given as first argument, prints `ready`; SIGTERM lets requests in flight end, closes what stands behind, and goes. */
export function serve(server: Server, closeParts: () => Promise<void>): void {
  server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('ready\n'));
  process.once('SIGTERM', () => void stop());

  async function stop(): Promise<void> {
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    await closeParts();
    process.exit(0);
  }
}
