import type { RedisCommand } from './redis-commands';

/** Slots of a Redis Cluster. */
export const SLOTS = 16_384;
const [OPEN, CLOSE] = [0x7b, 0x7d];

/** CRC-16/XMODEM, polynomial 0x1021: what Redis Cluster's specification names for keys. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

/** The slot of a key: of what stands in its first braces where that is not empty, else of all of it. */
export function keySlot(key: Uint8Array): number {
  const open = key.indexOf(OPEN);
  const close = open < 0 ? -1 : key.indexOf(CLOSE, open + 1);
  return crc16(close > open + 1 ? key.subarray(open + 1, close) : key) % SLOTS;
}

/** Commands with their key elsewhere than in the first place. */
const KEY_PLACES: Record<string, number> = { MEMORY: 2, EVALSHA: 3 };

/** The key of a command that Plumbline sends; null when it has none. */
export function commandKey(command: RedisCommand): Uint8Array | null {
  const [name] = command;
  const hasKey = name.startsWith('H') || name === 'TYPE' || name in KEY_PLACES;
  const key = hasKey ? command[KEY_PLACES[name] ?? 1] : undefined;
  if (key === undefined) return null;
  return typeof key === 'string' ? new TextEncoder().encode(key) : key;
}
