import * as zlib from 'node:zlib';

/** Zstandard came to Node with 22.15 and 23.8. */
const hasZstd = 'zstdDecompressSync' in zlib;

/** What bare artillery asks for, by the same rule: its HTTP client offers what this Node can unpack. k6 can unpack all of it. */
export const ACCEPT_ENCODING = hasZstd ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';
