/** Length of every embedding. */
export const DIMENSIONS = 128;

/**
 * A text as a vector: its words and pairs of neighbouring words hashed into 128 places (the "hashing trick").
 * Texts with words in common lie close together, without a model to download.
 */
export function embed(text: string): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const [i, word] of words.entries()) {
    add(vector, hash(word));
    add(vector, hash(`${word} ${words[i + 1] ?? ''}`));
  }
  // Four decimals are more than a hash is worth, and keep the requests small.
  return vector.map((value) => Math.round((value / Math.max(1, words.length)) * 1e4) / 1e4);
}

function add(vector: number[], hashed: number): void {
  const place = hashed % DIMENSIONS;
  vector[place] = (vector[place] ?? 0) + ((hashed >>> 16) % 2 === 0 ? 1 : -1);
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return value;
}
