import type { IncomingMessage } from 'node:http';

/** As the application's own limit, and one byte more, so that it is the application that refuses what is larger. */
const MOST_BYTES = 1_000_001;

/** A whole body, because a request that an instance did not take is sent to another. Cut off where it is larger than anybody accepts. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (bytes < MOST_BYTES) chunks.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(chunks);
}
