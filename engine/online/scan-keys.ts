import { PlumblineError } from '../errors';
import { hex } from './byte-writer';
import type { RedisValue } from './redis-commands';
import { throwIfCancelled, type RedisLink } from './redis-link';

/** What one SCAN asks the server to look at. */
const COUNT = '500';
const START = '0';
const decoder = new TextDecoder();

function parts(reply: RedisValue | undefined): { cursor: string; keys: Uint8Array[] } {
  const [cursor, keys] = Array.isArray(reply) ? reply : [];
  if (!(cursor instanceof Uint8Array) || !Array.isArray(keys))
    throw new PlumblineError('redis.refused', 'Redis gave an answer to SCAN that is no cursor with keys.', {
      hint: 'Is this a Redis server? Check host and port of the connection.',
    });
  return {
    cursor: decoder.decode(cursor),
    keys: keys.filter((key): key is Uint8Array => key instanceof Uint8Array),
  };
}

/**
 * The keys of the database in portions, each key once, at most `limit`. SCAN never blocks the server, KEYS would: keys that
 * come or go meanwhile may be missing. The return value is whether every key was seen. Errors: redis.*, `engine.cancelled`.
 */
export async function* scanKeys(
  link: RedisLink,
  { limit, signal }: { limit: number; signal?: AbortSignal },
): AsyncGenerator<Uint8Array[], boolean> {
  const seen = new Set<string>();
  let cursor = START;
  let { reopened } = link;
  do {
    throwIfCancelled(signal);
    const { values } = await link.send([['SCAN', cursor, 'COUNT', COUNT]]);
    const reply = parts(values[0]);
    // a cursor is one server's own, and another one may answer after a reconnection: only its beginning is safe
    const sameServer = link.reopened === reopened;
    ({ reopened } = link);
    cursor = sameServer ? reply.cursor : START;
    const fresh = reply.keys.filter((key) => {
      const text = hex(key);
      return !seen.has(text) && seen.add(text) !== null;
    });
    const room = limit - (seen.size - fresh.length);
    if (fresh.length > room) {
      yield fresh.slice(0, room);
      return false;
    }
    if (fresh.length > 0) yield fresh;
    if (sameServer && cursor === START) return true;
  } while (seen.size < limit);
  return false;
}
