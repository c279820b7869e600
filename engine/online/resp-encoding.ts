import { ByteWriter, utf8 } from './byte-writer';
import type { RedisCommand } from './redis-commands';

export const LINE_END = utf8('\r\n');
const MARKS = { list: '*', text: '$' } as const;
/** `*3` or `$12` with its line end, by number; the small ones are kept. */
const KEPT = 4_096;
const heads: Record<keyof typeof MARKS, Uint8Array[]> = { list: [], text: [] };

/** What stands before the items of a list, or before the bytes of a text. */
export function head(kind: keyof typeof MARKS, count: number): Uint8Array {
  const known = heads[kind][count];
  if (known !== undefined) return known;
  const bytes = utf8(`${MARKS[kind]}${count}\r\n`);
  if (count < KEPT) heads[kind][count] = bytes;
  return bytes;
}

/** Names of commands, of which there are few. */
const names = new Map<string, Uint8Array>();

function nameBytes(name: string): Uint8Array {
  const known = names.get(name);
  if (known !== undefined) return known;
  const bytes = utf8(name);
  names.set(name, bytes);
  return bytes;
}

/** Writes a command as the Redis protocol sends it: an array of bulk strings (RESP2). */
export function writeCommand(out: ByteWriter, command: RedisCommand): void {
  out.raw(head('list', command.length));
  writeText(out, nameBytes(command[0]));
  for (let i = 1; i < command.length; i++) {
    const argument = command[i]!;
    writeText(out, typeof argument === 'string' ? utf8(argument) : argument);
  }
}

/** Writes a text as commands and replies hold it: its length in bytes, then the bytes. */
export function writeText(out: ByteWriter, bytes: Uint8Array): void {
  out.raw(head('text', bytes.length));
  out.raw(bytes);
  out.raw(LINE_END);
}

/** One buffer for all, grown to the greatest list so far. */
const out = new ByteWriter(64 * 1024);
const encoded = new WeakMap<readonly RedisCommand[], Uint8Array>();

/** The bytes of some commands, one after the other; kept as long as the list is, so that a resend costs nothing. */
export function commandBytes(commands: readonly RedisCommand[]): Uint8Array {
  const known = encoded.get(commands);
  if (known !== undefined) return known;
  out.clear();
  for (const command of commands) writeCommand(out, command);
  const bytes = out.take();
  encoded.set(commands, bytes);
  return bytes;
}
