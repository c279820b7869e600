import { expect, test } from 'vitest';
import { durationText } from './describe';
import { hoverAt } from './hover';
import { TEST_CONTEXT as context } from './test-context';

const view = { kind: 'view', name: 'user_engagement' };

function over(text: string, word: string, cell: { kind: string; name: string } = view) {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => line.includes(word));
  const line = lines[index]!;
  return hoverAt(text, line, { lineNumber: index + 1, column: line.indexOf(word) + 2 }, cell, context);
}

test('a feature says type, definition and policy, here and in a reference', () => {
  const own = over('features:\n  user_7d_views: {}', 'user_7d_views')!;
  expect(own.markdown).toContain("count(*) where event_type = 'view' over 7d");
  expect(own.markdown).toContain('default 0');
  const ref = over('  - user_engagement:user_7d_views', 'user_engagement:user_7d_views', {
    kind: 'training-set',
    name: 'train',
  })!;
  expect(ref.markdown).toBe(own.markdown);
  expect([ref.column, ref.endColumn]).toEqual([5, 34]);
});

test('columns, sources, views and entities are told apart', () => {
  expect(over("source: interactions\nwhere: event_type = 'x'", 'event_type')!.markdown).toBe(
    '**event_type** `VARCHAR`, column of interactions',
  );
  expect(over('source: interactions', 'interactions')!.markdown).toContain('data/*.parquet');
  expect(over('entity: user', 'user')!.markdown).toContain('user_id `int64`');
  expect(
    over('SELECT * FROM user_engagement', 'user_engagement', { kind: 'query', name: 'q' })!.markdown,
  ).toContain('feature view');
});

test('an unknown word says nothing', () => {
  expect(over('ttl: nonsense', 'nonsense')).toBeNull();
});

test('durations in their largest unit', () => {
  expect(durationText(604_800_000_000n)).toBe('7d');
  expect(durationText(5_400_000_000n)).toBe('90m');
  expect(durationText(1_500_000n)).toBe('1.5s');
  expect(durationText(0n)).toBe('0s');
});
