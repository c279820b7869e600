import { expect, it } from 'vitest';
import { isoMicroseconds } from './instant';

it.each([
  [0n, '1970-01-01T00:00:00.000000Z'],
  [-1n, '1969-12-31T23:59:59.999999Z'],
  [1_742_083_200_123_456n, '2025-03-16T00:00:00.123456Z'],
  [-62_135_596_800_000_000n, '0001-01-01T00:00:00.000000Z'],
])('prints %s as %s', (instant, text) => {
  expect(isoMicroseconds(instant)).toBe(text);
});
