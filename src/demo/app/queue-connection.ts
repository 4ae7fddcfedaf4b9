export interface QueueConnection {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly maxRetriesPerRequest: null;
}

/** BullMQ wants to wait for its Redis for ever rather than lose a job. */
export function queueConnection(url: string): QueueConnection {
  const { hostname, port, password } = new URL(url);
  return { host: hostname, port: Number(port), password: decodeURIComponent(password), maxRetriesPerRequest: null };
}
