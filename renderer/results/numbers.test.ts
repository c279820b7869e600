import { expect, test } from 'vitest';
import { countText, scoreText, shareText, shortNumber } from './numbers';

test('shares never round to nothing or to all', () => {
  expect(shareText(3919, 12_480)).toBe('31.4 %');
  expect(shareText(0, 10)).toBe('0.0 %');
  expect(shareText(1, 100_000)).toBe('<0.1 %');
  expect(shareText(99_999, 100_000)).toBe('>99.9 %');
  expect(shareText(10, 10)).toBe('100.0 %');
  expect(shareText(0, 0)).toBe('no rows');
});

test('counts, scores and short numbers', () => {
  expect(countText(12_480)).toBe('12,480');
  expect(scoreText(0.8123)).toBe('0.81');
  expect(scoreText(null)).toBe('n/a');
  expect(shortNumber(0.123456)).toBe('0.1235');
  expect(shortNumber(1234)).toBe('1,234');
});
