import { describe, expect, it } from 'vitest';
import type { FeatureType, ScalarType } from '../catalog/model';
import { hex } from './byte-writer';
import { decodeEntityKey, encodeEntityKey } from './entity-key';
import { decodeEventTimestamp, encodeEventTimestamp } from './event-timestamp';
import type { FeastScalar, FeastValue } from './feast-value';
import { isListType, itemType } from './feast-value';
import golden from './fixtures/feast-golden.json';
import { hashField } from './hash-field';
import { decodeValue, encodeValue } from './value-bytes';

const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

function scalar(type: ScalarType, text: string): FeastScalar {
  if (type === 'int64' || type === 'timestamp') return BigInt(text);
  if (type === 'bool') return text === 'true';
  if (type === 'bytes') return fromHex(text);
  return type === 'string' ? text : Number(text);
}

function valueOf(type: FeatureType, text: unknown): FeastValue {
  if (text === null) return null;
  if (Array.isArray(text)) return text.map((item) => scalar(itemType(type), String(item)));
  return scalar(itemType(type), String(text));
}

describe('golden vectors of the Feast format', () => {
  it.each(golden.keys)('writes and reads the key of $source', ({ keys, project, hex: expected }) => {
    const parts = keys.map(([name = '', type = '', text = '']) => ({
      name,
      type: type as ScalarType,
      value: type === 'string' ? text : BigInt(text),
    }));
    expect(hex(encodeEntityKey(parts, project))).toBe(expected);
    const decoded = decodeEntityKey(fromHex(expected));
    expect(decoded?.project).toBe(project);
    expect(decoded?.keys).toEqual([...parts].sort((a, b) => (a.name < b.name ? -1 : 1)));
  });

  it.each(golden.fields)('hashes the field %s:%s', (view, feature, expected) => {
    expect(hex(hashField(view!, feature!))).toBe(expected);
  });

  it.each(golden.values as [string, unknown, string][])('writes and reads %s %j', (type, text, expected) => {
    const declared = type as FeatureType;
    const value = valueOf(declared, text);
    expect(hex(encodeValue(declared, value))).toBe(expected);
    const decoded = decodeValue(fromHex(expected));
    const rounded =
      itemType(declared) === 'float32' && !isListType(declared) ? Math.fround(Number(value)) : value;
    expect(decoded).toEqual(
      value === null ? { type: 'null', value: null } : { type: declared, value: rounded },
    );
  });

  it.each(golden.timestamps)('writes and reads the event time %s', (micros, expected) => {
    expect(hex(encodeEventTimestamp(BigInt(micros!)))).toBe(expected);
    expect(decodeEventTimestamp(fromHex(expected!))).toBe(BigInt(micros!) * 1000n);
  });
});
