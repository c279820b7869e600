import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './byte-writer';
import { encodeEntityKey } from './entity-key';
import stored from './fixtures/feast-stored.json';
import { jsonValue } from './json-value';
import { decodePrecomputedVector, precomputedService } from './precomputed-vector';
import { decodeStoredKey, keyText } from './stored-key';
import { decodeValue } from './value-bytes';

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('values of members that are only read', () => {
  it.each(stored.others as [string, string, unknown][])('reads %s %s', (name, bytes, expected) => {
    const value = decodeValue(fromHex(bytes));
    expect(value).toEqual({ type: 'other', name, value: expected });
    expect(jsonValue(value)).toEqual({ type: name, value: expected });
  });

  it('are all members of Value.proto beside those that are written', () => {
    const names = new Set(stored.others.map(([name]) => name));
    // 20-29, 32-48
    expect(names.size).toBe(27);
  });

  it('cut short are refused, never misread past the end', () => {
    for (const [, bytes = ''] of stored.others as [string, string, unknown][])
      for (let end = 4; end < bytes.length; end += 2)
        expect(() => decodeValue(fromHex(bytes.slice(0, end)))).toThrow(/./);
  });

  it('of a member that nobody knows yet keep their bytes', () => {
    // member 90, length-delimited
    expect(decodeValue(fromHex('d2050201ff'))).toEqual({
      type: 'other',
      name: 'field 90',
      value: { base64: 'Af8=' },
    });
  });

  it('nested without end are refused', () => {
    let bytes = Buffer.from('3801', 'hex');
    for (let depth = 0; depth < 150; depth++) {
      const head = (tag: number[], length: number) =>
        Buffer.from([...tag, ...(length < 128 ? [length] : [(length & 127) | 128, length >> 7])]);
      const item = Buffer.concat([head([0x0a], bytes.length), bytes]);
      bytes = Buffer.concat([head([0xd2, 0x02], item.length), item]);
    }
    expect(() => decodeValue(bytes)).toThrow(RangeError);
  });
});

describe('keys of every version', () => {
  const keys = stored.storedKeys.map((one) => [one.name, one.version, one] as const);

  it.each(keys)('reads %s of %s', (_, version, { hex, project, keys: parts }) => {
    const found = decodeStoredKey(fromHex(hex));
    expect(found?.project).toBe(project);
    const shown = found?.keys.map(({ name, type, value }) => [name, type, keyText(value).replace(/^0x/, '')]);
    expect(shown).toEqual(parts);
    const hasInt64 = parts.some(([, type]) => type === 'int64');
    expect(found?.version).toBe(version === 'v3' || hasInt64 ? version : 'v1 or v2');
  });

  /** Feast 0.40 to 0.43 wrote no count, 0.44 to 0.60 one; both wrote the length of a name in characters. */
  it('reads the forms between, which no installed Feast writes any more', () => {
    const newest = Buffer.from(encodeEntityKey([{ name: 'stück', type: 'int64', value: 7n }], 'proj'));
    expect(decodeStoredKey(newest)?.version).toBe('v3');
    const characters = Buffer.from(newest);
    characters.writeUInt32LE(5, 8);
    const part = { name: 'stück', type: 'int64', value: 7n };
    expect(decodeStoredKey(characters)).toEqual({ version: 'v3b', keys: [part], project: 'proj' });
    const noCount = characters.subarray(4);
    expect(decodeStoredKey(noCount)).toEqual({ version: 'v3a', keys: [part], project: 'proj' });
  });

  it('of other programs are none', () => {
    for (const text of ['', 'user:42', 'session', '\x02\x00\x00\x00', '\x00\x00\x00\x00p'])
      expect(decodeStoredKey(utf8(text))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const key = decodeStoredKey(bytes);
        if (key !== null) expect(key.project).not.toBe('');
      }),
      { seed: 20_250_101, numRuns: 500 },
    );
  });
});

describe('precomputed vectors', () => {
  it('are read from the value that Feast stores', () => {
    const { value } = decodeValue(fromHex(stored.precomputed));
    expect(decodePrecomputedVector(value as Uint8Array)).toEqual({
      values: [
        { name: 'stats__clicks', value: { type: 'int64', value: 5n } },
        { name: 'stats__city', value: { type: 'null', value: null } },
      ],
      times: [{ view: 'stats', time: 1_704_067_200_000_000_000n }],
      madeAt: 1_704_070_800_500_000_000n,
    });
    expect(precomputedService('__precomputed__svc')).toBe('svc');
    expect(precomputedService('stats')).toBeNull();
  });
});
