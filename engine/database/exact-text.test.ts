import { expect, test } from 'vitest';
import { exactNumber, exactText, timestampText } from './exact-text';

test('timestamps are UTC with microseconds only where there are some', () => {
  expect(timestampText(BigInt(Date.UTC(2025, 2, 15, 14, 30)) * 1000n)).toBe('2025-03-15 14:30:00');
  expect(timestampText(1n)).toBe('1970-01-01 00:00:00.000001');
  expect(timestampText(817_000n)).toBe('1970-01-01 00:00:00.817');
  expect(timestampText(1_000_000n)).toBe('1970-01-01 00:00:01');
  expect(timestampText(-1n)).toBe('1969-12-31 23:59:59.999999');
  expect(timestampText(9_223_372_036_854_775_807n)).toBe('infinity');
});

test('a float32 reads back as the same float32', () => {
  expect(exactNumber(Math.fround(0.1), 'FLOAT')).toBe('0.1');
  expect(exactNumber(Math.fround(16_777_217.5), 'float32')).toBe('16777218');
  expect(exactNumber(-0, 'DOUBLE')).toBe('-0');
  expect(exactNumber(Infinity, 'DOUBLE')).toBe('inf');
});

test('lists, structs and bytes', () => {
  expect(exactText(['a', null, "it's"], 'VARCHAR[]')).toBe("['a', NULL, 'it''s']");
  expect(exactText([1n, 2n], 'BIGINT[]')).toBe('[1, 2]');
  expect(exactText([0n], 'TIMESTAMP[]')).toBe("['1970-01-01 00:00:00']");
  expect(exactText({ a: 1, b: 'x' }, 'STRUCT(a INTEGER, b VARCHAR)')).toBe("{'a': 1, 'b': 'x'}");
  expect(exactText(new Uint8Array([0, 255]), 'BLOB')).toBe('0x00ff');
});
