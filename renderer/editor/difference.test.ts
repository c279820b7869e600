import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference } from './difference';

test('names the changed characters only', () => {
  expect(difference('window: 7d', 'window: 14d')).toEqual({ start: 8, end: 9, text: '14' });
  expect(difference('aa', 'aaa')).toEqual({ start: 2, end: 2, text: 'a' });
  expect(difference('same', 'same')).toEqual({ start: 4, end: 4, text: '' });
});

test('applied to the old text gives the new one', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edit = difference(before, after);
      expect(before.slice(0, edit.start) + edit.text + before.slice(edit.end)).toBe(after);
    }),
    { seed: 7, numRuns: 500 },
  );
});
