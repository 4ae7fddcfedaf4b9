import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Answer } from '../captures.ts';

/** An answer as the parser gives it, its body unpacked where somebody wants it. */
export class ReadAnswer implements Answer {
  readonly status: number;
  /** [name, value, …] as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: string;

  /** Throws where the body cannot be unpacked. */
  constructor(status: number, rawHeaders: readonly string[], pieces: readonly Buffer[] | null) {
    this.status = status;
    this.rawHeaders = rawHeaders;
    this.body = pieces === null ? '' : unpack(pieces, this.header('content-encoding')).toString();
  }

  header(lowerCaseName: string): string | undefined {
    let value: string | undefined;
    for (let at = 0; at + 1 < this.rawHeaders.length; at += 2) {
      const name = this.rawHeaders[at] ?? '';
      if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue;
      value = value === undefined ? this.rawHeaders[at + 1] : `${value}, ${this.rawHeaders[at + 1]}`;
    }
    return value;
  }
}

function unpack(pieces: readonly Buffer[], encoding: string | undefined): Buffer {
  const packed = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  if (encoding === undefined || packed.length === 0) return packed;
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip': return gunzipSync(packed);
    case 'br': return brotliDecompressSync(packed);
    case 'zstd': return zstdDecompressSync(packed);
    // Some servers leave the zlib wrapper out; its first byte tells.
    case 'deflate': return (packed[0] ?? 0) % 16 === 8 ? inflateSync(packed) : inflateRawSync(packed);
    default: return packed;
  }
}
