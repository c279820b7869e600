import { describe, expect, it } from 'vitest';
import type { Outcome } from '../serving/attribution-case';
import { type CauseTally, type Group, meetsRates } from './causes';

const ASKED: Group[] = ['single', 'single, 1 % noise', 'pair', 'pair, 1 % noise', 'outside'];

function tallyOf(own: Partial<Record<Group, [Outcome, number][]>>): CauseTally {
  const all = ASKED.map(
    (group) => [group, new Map<Outcome, number>(own[group] ?? [['right', 1_000]])] as const,
  );
  return { outcomes: new Map(all), confusion: new Map(), misses: [] };
}

describe('the rates that are promised', () => {
  it.each<[Group, Outcome, number, boolean]>([
    ['single', 'wrong', 10, true],
    ['single', 'wrong', 11, false],
    ['single, 1 % noise', 'unnamed', 11, false],
    ['pair', 'wrong', 50, true],
    ['pair', 'wrong', 51, false],
    ['pair, 1 % noise', 'unnamed', 51, false],
    ['outside', 'wrong', 11, false],
  ])('of 1,000 in %s %s %d times: %s', (group, outcome, times, met) => {
    const found: [Outcome, number][] = [
      ['right', 1_000 - times],
      [outcome, times],
    ];
    expect(meetsRates(tallyOf({ [group]: found }))).toBe(met);
  });

  it('are not met where nothing was asked', () => {
    expect(meetsRates(tallyOf({}))).toBe(true);
    expect(meetsRates(tallyOf({ pair: [['too few', 20]] }))).toBe(false);
  });
});
