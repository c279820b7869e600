import { expect, it } from 'vitest';
import { expressionNames } from './expression-names';

const names = (sql: string): string[] =>
  expressionNames(sql).map(({ name, sure }) => (sure ? name : `${name}?`));

it.each([
  ['clicks / nullif(Views, 0)', ['clicks', 'views']],
  ['CASE WHEN a IS NULL THEN b ELSE "C d" END', ['a', 'b', 'c d']],
  ['CAST(a AS DECIMAL(10, 2)) + b::BIGINT', ['a', 'b']],
  ["seen + INTERVAL '1 day' > TIMESTAMP '2025-01-01'", ['seen']],
  ['seen + INTERVAL 3 hour', ['seen', 'hour?']],
  ['extract(day FROM seen)', ['day?', 'seen']],
  ["place.city || ' of ' || view__feature", ['place', 'view__feature']],
  ["{'key': a, other: b}", ['a', 'b']],
  ['list_transform(xs, lambda x, i: x + i * scale)', ['xs', 'scale']],
  ['list_filter(xs, x -> x > least)', ['xs', 'least']],
  ["doc -> '$.a'", ['doc']],
  ['a -- not b\n + /* nor c */ d', ['a', 'd']],
  ["'a' || $$b$$ || c", ['c']],
  ['a between low and high and not flag', ['a', 'low', 'high', 'flag']],
  ['', []],
])('finds the columns of %s', (sql, expected) => {
  expect(names(sql)).toEqual(expected);
});

it('gives every place of a name, with its quotes', () => {
  expect(expressionNames('rate + "rate" * Rate')[0]!.places).toEqual([
    { start: 0, end: 4, quoted: false },
    { start: 7, end: 13, quoted: true },
    { start: 16, end: 20, quoted: false },
  ]);
});
