import { describe, expect, it } from 'vitest';
import { ByteWriter, utf8 } from './byte-writer';
import { writeCommand } from './resp-encoding';

describe('a command on the wire', () => {
  it('is an array of bulk strings, counted in bytes, with any bytes inside', () => {
    const out = new ByteWriter();
    writeCommand(out, ['HSET', 'Zürich', Uint8Array.of(0, 13, 10, 255), new Uint8Array(0)]);
    const expected = [
      ...utf8('*4\r\n$4\r\nHSET\r\n$7\r\nZürich\r\n$4\r\n'),
      ...[0, 13, 10, 255],
      ...utf8('\r\n$0\r\n\r\n'),
    ];
    expect([...out.take()]).toEqual(expected);
  });
});
