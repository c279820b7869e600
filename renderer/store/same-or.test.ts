import { expect, test } from 'vitest';
import { sameOr } from './same-or';

test.each([
  [
    { a: 1n, b: [1, 'x', null] },
    { a: 1n, b: [1, 'x', null] },
  ],
  [new Map([['a', { n: 1 }]]), new Map([['a', { n: 1 }]])],
  [new Set(['a', 'b']), new Set(['a', 'b'])],
  [NaN, NaN],
])('what says the same stays the same object', (before, after) => {
  expect(sameOr<unknown, unknown>(before, after)).toBe(before);
});

test.each([
  [{ a: 1n }, { a: 2n }],
  [{ a: undefined }, { b: undefined }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [
    [1, 2],
    [2, 1],
  ],
  [
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
    new Map([
      ['b', 2],
      ['a', 1],
    ]),
  ],
  [new Set(['a']), new Set(['b'])],
  [[], {}],
  [null, { a: 1 }],
])('what differs is taken over', (before, after) => {
  expect(sameOr<unknown, unknown>(before, after)).toBe(after);
});
