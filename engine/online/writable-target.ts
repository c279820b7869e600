import { PUT_SCRIPT, PUT_SCRIPT_SHA } from './put-script';
import type { RedisValue } from './redis-commands';
import { redisFailure } from './redis-failure';
import type { RedisLink } from './redis-link';

const decoder = new TextDecoder();

/** The fields of sections of INFO. */
function infoFields(replies: readonly RedisValue[]): Map<string, string> {
  const lines = replies.flatMap((reply) =>
    reply instanceof Uint8Array ? decoder.decode(reply).split(/\r?\n/) : [],
  );
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, name, value] = /^([^#:]+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * Finds out, without writing anything, whether a write would be refused: rights, a replica, no memory left. The script is
 * called for no key at all. Errors: those that the write would end with.
 */
export async function requireWritableTarget(link: RedisLink): Promise<void> {
  const { values } = await link.send([
    ['INFO', 'replication'],
    ['INFO', 'memory'],
  ]);
  const info = infoFields(values);
  const bytes = (name: string): number => Number(info.get(name) ?? 0);
  if (info.get('role') === 'slave' && info.get('slave_read_only') !== '0')
    throw redisFailure(new Error('READONLY the server says that it is a replica')).error;
  const used = bytes('used_memory') - bytes('mem_not_counted_for_evict');
  const full = bytes('maxmemory') > 0 && used > bytes('maxmemory');
  if (full && info.get('maxmemory_policy') === 'noeviction')
    throw redisFailure(new Error(`OOM ${used} bytes are used`)).error;
  await link.send([['EVALSHA', PUT_SCRIPT_SHA, '0', '0', '0', '']], PUT_SCRIPT);
}
