import { fromUtf8 } from './byte-writer';
import type { RedisReply, RedisValue } from './redis-commands';

const CR = 0x0d;
const [SIMPLE, FAULT, WHOLE, BULK, LIST] = [0x2b, 0x2d, 0x3a, 0x24, 0x2a];
/** No list and no text of a reply that Plumbline asks for comes near it; a greater length is no Redis talking. */
const MOST = 512 * 1024 * 1024;

/** The bytes are no reply of the Redis protocol. */
export class NoRedisReply extends Error {
  constructor(byte: number | undefined) {
    super(`the answer is none of the Redis protocol (byte ${byte ?? 'missing'})`);
  }
}

/** Thrown within where a reply is not whole yet. */
const MORE = Symbol('more');

/**
 * Takes replies of the Redis protocol (RESP2) out of bytes as they arrive, in pieces of any size. Texts are views into
 * the pieces: whoever keeps one for long copies it.
 */
export class ReplyReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;

  /** Adds bytes that arrived. */
  add(piece: Uint8Array): void {
    this.bytes = this.rest(piece);
    this.at = 0;
  }

  /**
   * The next reply that is whole now, or null. `asBytes`: as the bytes that came, not taken apart; an error is an error
   * all the same. Error: `NoRedisReply`.
   */
  next(asBytes = false): RedisReply | null {
    const from = this.at;
    if (from === this.bytes.length) return null;
    try {
      if (!asBytes || this.bytes[from] === FAULT) return this.reply();
      this.pass();
      return { value: this.bytes.subarray(from, this.at) };
    } catch (thrown) {
      if (thrown !== MORE) throw thrown;
      this.at = from;
      return null;
    }
  }

  private rest(piece: Uint8Array): Uint8Array {
    if (this.at === this.bytes.length) return piece;
    const left = this.bytes.subarray(this.at);
    const joined = new Uint8Array(left.length + piece.length);
    joined.set(left);
    joined.set(piece, left.length);
    return joined;
  }

  private reply(): RedisReply {
    if (this.bytes[this.at] !== FAULT) return { value: this.value() };
    this.at++;
    return { error: new Error(fromUtf8(this.line())) };
  }

  private value(): RedisValue {
    if (this.at >= this.bytes.length) throw MORE;
    const kind = this.bytes[this.at++];
    switch (kind) {
      case BULK:
        return this.text(this.number());
      case LIST:
        return this.list(this.number());
      case WHOLE:
        return this.number();
      case SIMPLE:
        return this.line();
      case FAULT:
        // an error within a list: its place says which command it was, its words are kept as text
        return this.line();
      default:
        throw new NoRedisReply(kind);
    }
  }

  /** Moves past a value without making anything of it. */
  private pass(): void {
    let left = 1;
    for (; left > 0; left--) {
      const kind = this.bytes[this.at];
      if (kind === LIST) {
        this.at++;
        left += this.items(this.number());
      } else if (kind === BULK) {
        this.at++;
        this.passText(this.number());
      } else this.value();
    }
  }

  /** Gives where the text starts. */
  private passText(length: number): number {
    if (length > MOST) throw new NoRedisReply(BULK);
    const start = this.at;
    const after = start + length + 2;
    if (length < 0) return start;
    if (after > this.bytes.length) throw MORE;
    this.at = after;
    return start;
  }

  private text(length: number): Uint8Array | null {
    const start = this.passText(length);
    return length < 0 ? null : this.bytes.subarray(start, start + length);
  }

  private items(length: number): number {
    if (length > MOST) throw new NoRedisReply(LIST);
    return Math.max(length, 0);
  }

  private list(length: number): RedisValue[] | null {
    if (length < 0) return null;
    const items: RedisValue[] = [];
    for (let left = this.items(length); left > 0; left--) items.push(this.value());
    return items;
  }

  private line(): Uint8Array {
    const end = this.bytes.indexOf(CR, this.at);
    if (end < 0 || end + 1 >= this.bytes.length) throw MORE;
    const line = this.bytes.subarray(this.at, end);
    this.at = end + 2;
    return line;
  }

  private number(): number {
    let sign = 1;
    let number = 0;
    for (let at = this.at; ; at++) {
      const byte = this.bytes[at];
      if (byte === undefined) throw MORE;
      if (byte === CR) {
        if (at + 1 >= this.bytes.length) throw MORE;
        this.at = at + 2;
        return sign * number;
      }
      if (byte === 0x2d) sign = -1;
      else if (byte >= 0x30 && byte <= 0x39) number = number * 10 + byte - 0x30;
      else throw new NoRedisReply(byte);
    }
  }
}
