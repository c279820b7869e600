import { describe, expect, it } from 'vitest';
import type { Boundary } from './definition';
import { stretchOf } from './window';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1000n;
const HOUR = 3_600_000_000n;
const DAY = 24n * HOUR;

describe('stretchOf', () => {
  const t = at('2025-03-16T10:07:30Z');
  it.each<[Boundary, bigint, bigint, bigint, bigint]>([
    ['half-open', DAY, 0n, at('2025-03-15T10:07:30Z'), t],
    ['half-open', DAY, HOUR, at('2025-03-15T09:07:30Z'), at('2025-03-16T09:07:30Z')],
    ['closed', DAY, 0n, at('2025-03-15T10:07:30Z'), t + 1n],
    ['open-closed', DAY, 0n, at('2025-03-15T10:07:30Z') + 1n, t + 1n],
    ['sawtooth', HOUR, 0n, at('2025-03-16T09:05:00Z'), t],
    ['sawtooth', 12n * HOUR, 0n, at('2025-03-15T22:00:00Z'), t],
    ['sawtooth', 12n * DAY, 0n, at('2025-03-04T00:00:00Z'), t],
    ['sawtooth', HOUR, 3n * HOUR, at('2025-03-16T06:05:00Z'), at('2025-03-16T07:07:30Z')],
    ['calendar-day', 7n * DAY, 0n, at('2025-03-09T00:00:00Z'), at('2025-03-16T00:00:00Z')],
    ['calendar-day', DAY, 12n * HOUR, at('2025-03-14T00:00:00Z'), at('2025-03-15T00:00:00Z')],
  ])('%s of %d shifted by %d', (boundary, length, offset, from, until) => {
    expect(stretchOf({ boundary, length, offset }, t)).toEqual({ from, until });
  });

  it('rounds towards the past before 1970 as well', () => {
    const before = { length: DAY, offset: 0n };
    expect(stretchOf({ ...before, boundary: 'calendar-day' }, -1n)).toEqual({ from: -2n * DAY, until: -DAY });
    expect(stretchOf({ ...before, boundary: 'calendar-day' }, -DAY)).toEqual({
      from: -2n * DAY,
      until: -DAY,
    });
    expect(stretchOf({ ...before, boundary: 'sawtooth' }, -1n)).toEqual({ from: -DAY - HOUR, until: -1n });
  });
});
