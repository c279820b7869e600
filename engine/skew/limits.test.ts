import { describe, expect, it } from 'vitest';
import type { SkewFeature } from '../results';
import { SKEW_CHECK } from '../testing/skew-case';
import { aboveLimits, pastLimits } from './limits';
import { NO_NUMBERS } from './numbers';

const NONE = { mismatchRate: null, psi: null, nullRate: null, unmatchedRate: null };

function feature(numbers: Partial<SkewFeature>): SkewFeature {
  return {
    ref: 'v:x',
    column: 'x',
    ...NO_NUMBERS,
    compared: 100,
    only_left: 0,
    only_right: 0,
    causes: [],
    segments: [],
    ...numbers,
  };
}

describe('the limits of a check', () => {
  const result = (numbers: Partial<SkewFeature>) => ({
    features: [feature(numbers)],
    rows: 200,
    unmatched: 3,
  });

  it('say nothing where there are none, or where a number lies at its limit', () => {
    expect(aboveLimits(NONE, result({ mismatches: 100, psi: 9, null_rate: [0, 1] }))).toEqual([]);
    const limits = { mismatchRate: 0.02, psi: 0.25, nullRate: 0.5, unmatchedRate: 0.015 };
    expect(aboveLimits(limits, result({ mismatches: 2, psi: 0.25, null_rate: [0, 0.5] }))).toEqual([]);
  });

  it('name feature, number and limit', () => {
    const limits = { mismatchRate: 0.01, psi: 0.2, nullRate: 0, unmatchedRate: 0.01 };
    expect(aboveLimits(limits, result({ mismatches: 2, psi: 0.25, null_rate: [0.5, 0.1] }))).toEqual([
      'x: 2.00 % of the rows differ; the limit is 1.00 %.',
      'x: PSI is 0.250; the limit is 0.2.',
      'x: 10.00 % of the values are NULL in serving; the limit is 0.00 %.',
      '1.50 % of the rows have no partner; the limit is 1.00 %.',
    ]);
  });

  it('end with the cause as a sentence', () => {
    const cause = { cause: 'stale:1d', sentence: 'serving reads a copy that is 1 day old' };
    const attribution = { verdict: 'stale:1d', causes: [cause] } as SkewFeature['attribution'];
    const limits = { ...NONE, mismatchRate: 0.01 };
    expect(aboveLimits(limits, result({ mismatches: 2, attribution }))).toEqual([
      'x: 2.00 % of the rows differ; the limit is 1.00 %. Cause: serving reads a copy that is 1 day old.',
    ]);
  });

  it('pass over a feature of which nothing was compared', () => {
    const limits = { ...NONE, mismatchRate: 0, nullRate: 0 };
    expect(aboveLimits(limits, result({ compared: 0, mismatches: 0 }))).toEqual([]);
  });

  it('fail the cell with the first of them', () => {
    expect(pastLimits(SKEW_CHECK, { failed: [] })).toBeNull();
    expect(pastLimits(SKEW_CHECK, { failed: ['One.', 'Two.', 'Three.'] })).toMatchObject({
      code: 'skew.limit',
      message: 'One. And 2 more.',
      place: { cell: 'check' },
    });
  });
});
