import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './byte-writer';
import type { RedisReply, RedisValue } from './redis-commands';
import { NoRedisReply, ReplyReader } from './resp-decoding';

const bytes = fc.uint8Array({ maxLength: 40 });
const { value: values } = fc.letrec<{ value: RedisValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    fc.constant(null),
    bytes,
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));

/** The protocol as its specification writes it, put together from text. */
function wire(value: RedisValue): Buffer {
  if (value === null) return Buffer.from('$-1\r\n');
  if (typeof value === 'number') return Buffer.from(`:${value}\r\n`);
  if (value instanceof Uint8Array)
    return Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${value.length}\r\n`), ...value.map(wire)]);
}

/** All replies of some bytes that arrive in pieces which end at the given places. */
function inPieces(whole: Uint8Array, cuts: readonly number[], asBytes = false): RedisReply[] {
  const reader = new ReplyReader();
  const ends = [...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  let from = 0;
  return ends.flatMap((end) => {
    reader.add(whole.subarray(from, end));
    from = end;
    const replies: RedisReply[] = [];
    for (let reply = reader.next(asBytes); reply !== null; reply = reader.next(asBytes)) replies.push(reply);
    return replies;
  });
}

describe('replies of the Redis protocol', () => {
  it('are the same in whatever pieces they arrive', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (list, cuts) => {
        const whole = new Uint8Array(Buffer.concat(list.map(wire)));
        expect(inPieces(whole, cuts)).toEqual(list.map((value) => ({ value })));
        const bytesOf = (value: RedisValue) => ({ value: new Uint8Array(wire(value)) });
        expect(inPieces(whole, cuts, true)).toEqual(list.map(bytesOf));
      }),
      { seed: 9, numRuns: 400 },
    );
  });

  it('may be errors, and short words', () => {
    const [ok, error, nil] = inPieces(utf8('+OK\r\n-WRONGTYPE no\r\n*-1\r\n'), []);
    expect(ok).toEqual({ value: utf8('OK') });
    expect(error).toMatchObject({ error: { message: 'WRONGTYPE no' } });
    expect(nil).toEqual({ value: null });
    expect(inPieces(utf8('-WRONGTYPE no\r\n'), [3], true)).toMatchObject([
      { error: { message: 'WRONGTYPE no' } },
    ]);
  });

  it.each(['HTTP/1.1 400 Bad Request\r\n', '$x\r\n', '*99999999999\r\n'])('are not %j', (text) => {
    expect(() => inPieces(utf8(text), [])).toThrow(NoRedisReply);
    expect(() => inPieces(utf8(text), [], true)).toThrow(NoRedisReply);
  });
});
