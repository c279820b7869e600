import type { ByteWriter } from './byte-writer';

// https://github.com/msgpack/msgpack/blob/master/spec.md, without the texts of one length byte: servers before Redis 3 lack them
const [FALSE, FIX_TEXT, TEXT_16, TEXT_32] = [0xc2, 0xa0, 0xda, 0xdb];

function textHead(out: ByteWriter, length: number): void {
  if (length < 32) return out.byte(FIX_TEXT | length);
  if (length < 0x1_0000) out.byte(TEXT_16);
  else {
    out.byte(TEXT_32);
    out.byte(length >>> 24);
    out.byte((length >>> 16) & 0xff);
  }
  out.byte((length >>> 8) & 0xff);
  out.byte(length & 0xff);
}

/** Bytes as a text of MessagePack, which Lua takes as it is. */
export function packText(out: ByteWriter, bytes: Uint8Array): void {
  packSlice(out, bytes, 0, bytes.length);
}

/** The bytes from `start` up to `end` as a text. */
export function packSlice(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  textHead(out, end - start);
  out.slice(bytes, start, end);
}

/** What Lua tells apart from every text: `false`, as it gives an absent field too. */
export function packNothing(out: ByteWriter): void {
  out.byte(FALSE);
}
