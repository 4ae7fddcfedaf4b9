import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** autocannon takes any certificate; the other engines, and browsers, do not. Nothing has been sent yet when this ends the connection. */
export function refuseWrongCertificate(socket: Socket | undefined): void {
  if (!(socket instanceof TLSSocket)) return;
  socket.once('secureConnect', () => {
    if (socket.authorized) return;
    const reason = String(socket.authorizationError);
    socket.destroy(Object.assign(new Error(`the certificate was not accepted: ${reason}`), { code: reason.startsWith('ERR_TLS') ? reason : `CERT ${reason}` }));
  });
}
