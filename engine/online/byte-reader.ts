/** Reads what `ByteWriter` writes. Throws a RangeError past the end; callers turn it into their own error. */
export class ByteReader {
  private readonly view: DataView;
  at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  private step(length: number): number {
    const at = this.at;
    if (at + length > this.bytes.length) throw new RangeError('The bytes end too early.');
    this.at += length;
    return at;
  }

  byte(): number {
    return this.view.getUint8(this.step(1));
  }

  uint32(): number {
    return this.view.getUint32(this.step(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.step(4), true);
  }

  int64(): bigint {
    return this.view.getBigInt64(this.step(8), true);
  }

  float32(): number {
    return this.view.getFloat32(this.step(4), true);
  }

  float64(): number {
    return this.view.getFloat64(this.step(8), true);
  }

  raw(length: number): Uint8Array {
    const at = this.step(length);
    return this.bytes.subarray(at, at + length);
  }

  rest(): Uint8Array {
    return this.raw(this.bytes.length - this.at);
  }

  /** The next byte without taking it; -1 at the end. */
  peek(): number {
    return this.bytes[this.at] ?? -1;
  }

  /** What was read from a place on. */
  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.at);
  }

  /** A varint as a signed 64-bit integer. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError('A varint is longer than ten bytes.');
  }

  /** A varint that counts bytes. */
  size(): number {
    const value = this.varint();
    if (value < 0n || value > BigInt(this.bytes.length)) throw new RangeError('A length runs past the end.');
    return Number(value);
  }
}
