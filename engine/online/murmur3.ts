const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const mix = (word: number): number => Math.imul(rotate(Math.imul(word, C1), 15), C2);

/**
 * MurmurHash3 x86 32-bit with seed 0, as an unsigned 32-bit integer. Algorithm: Austin Appleby's MurmurHash3
 * (public domain); checked against the four hash fields that Feast publishes.
 */
export function murmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length - (bytes.length % 4);
  let hash = 0;
  for (let at = 0; at < blocks; at += 4) {
    hash ^= mix(view.getInt32(at, true));
    hash = (Math.imul(rotate(hash, 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= blocks; at--) tail = (tail << 8) | view.getUint8(at);
  if (bytes.length > blocks) hash ^= mix(tail);

  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
