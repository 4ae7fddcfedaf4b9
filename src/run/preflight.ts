import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ScaleplanError } from '../errors.ts';

/** A target that needs longer for a bare connection cannot be judged; the user learns it at once. */
const CONNECT_TIMEOUT_MS = 1500;

/** Opens one connection (TCP, TLS) and sends no request. Throws `target-down` with what the network said. */
export async function connectOnce(target: URL): Promise<void> {
  const isTls = target.protocol === 'https:';
  const port = Number(target.port || (isTls ? 443 : 80));
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const socket = isTls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port });
  try {
    await opened(socket, isTls ? 'secureConnect' : 'connect');
  } catch (cause) {
    throw new ScaleplanError('target-down', `No connection to ${target.host}: ${reasonOf(cause)}.`, {
      hint: 'Is it running, and is the port right? No load was sent.', cause,
    });
  } finally {
    socket.destroy();
  }
}

function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`)), CONNECT_TIMEOUT_MS);
    socket.once(event, () => { clearTimeout(timer); resolve(); });
    socket.once('error', (error) => { clearTimeout(timer); reject(error); });
  });
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (!(inner instanceof Error)) return String(inner);
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused', EHOSTUNREACH: 'host unreachable', ENETUNREACH: 'network unreachable', ECONNRESET: 'connection reset',
  };
  const code = 'code' in inner ? String(inner.code) : '';
  return words[code] ?? inner.message;
}
