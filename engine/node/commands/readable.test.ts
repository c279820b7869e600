import { expect, it } from 'vitest';
import { isoMicroseconds, readableRow } from './readable';

it.each([
  [0n, '1970-01-01T00:00:00.000000Z'],
  [-1n, '1969-12-31T23:59:59.999999Z'],
  [1_742_083_200_123_456n, '2025-03-16T00:00:00.123456Z'],
  [-62_135_596_800_000_000n, '0001-01-01T00:00:00.000000Z'],
])('prints %s as %s', (instant, text) => {
  expect(isoMicroseconds(instant)).toBe(text);
});

it('turns times into text and leaves whole numbers alone', () => {
  const columns = [
    { name: 'id', type: 'BIGINT' },
    { name: 'at', type: 'TIMESTAMP' },
  ];
  expect(readableRow({ id: 7n, at: 0n, other: null }, columns)).toEqual({
    id: 7n,
    at: '1970-01-01T00:00:00.000000Z',
    other: null,
  });
});
