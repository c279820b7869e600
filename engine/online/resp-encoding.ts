import type { ByteWriter } from './byte-writer';
import { utf8 } from './byte-writer';
import type { RedisCommand } from './redis-commands';

const LINE_END = utf8('\r\n');
const heads = new Map<string, Uint8Array>();

/** `*3` or `$12` with its line end; the few that occur are kept. */
function head(mark: '*' | '$', count: number): Uint8Array {
  const text = `${mark}${count}\r\n`;
  const known = heads.get(text);
  if (known !== undefined) return known;
  const bytes = utf8(text);
  if (heads.size < 4_096) heads.set(text, bytes);
  return bytes;
}

/** Writes a command as the Redis protocol sends it: an array of bulk strings (RESP2). */
export function writeCommand(out: ByteWriter, command: RedisCommand): void {
  out.raw(head('*', command.length));
  for (const argument of command) {
    const bytes = typeof argument === 'string' ? utf8(argument) : argument;
    out.raw(head('$', bytes.length));
    out.raw(bytes);
    out.raw(LINE_END);
  }
}
