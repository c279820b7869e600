import { expect, test } from 'vitest';
import { topLevelValue, yamlPathAt } from './yaml-path';

/** The place of `|` in the text, which is taken out. */
function at(text: string) {
  const offset = text.indexOf('|CURSOR');
  const left = text.slice(0, offset).split('\n');
  return yamlPathAt(text.replace('|CURSOR', ''), left.length, left.at(-1)!.length + 1);
}

test('a top-level value', () => {
  expect(at('entity: us|CURSOR')).toEqual({ keys: ['entity'], before: 'us', inValue: true });
});

test('a top-level key being typed', () => {
  expect(at('entity: user\nsour|CURSOR')).toMatchObject({ keys: [], inValue: false });
});

test('a condition inside nested flow mappings', () => {
  const text = 'features:\n  rate:\n    ratio:\n      over: { count: "*", where: even_ty|CURSOR';
  expect(at(text)).toEqual({
    keys: ['features', 'rate', 'ratio', 'over', 'where'],
    before: 'even_ty',
    inValue: true,
  });
});

test('a key inside a flow mapping', () => {
  expect(at('join_keys: { us|CURSOR')).toMatchObject({ keys: ['join_keys'], inValue: false });
});

test('after a closed flow mapping the outer key counts', () => {
  expect(at('x: { a: { b: 1 }, c: v|CURSOR')).toMatchObject({ keys: ['x', 'c'], before: 'v', inValue: true });
});

test('a list item, indented or not', () => {
  expect(at('features:\n  - user_eng|CURSOR')).toEqual({
    keys: ['features'],
    before: 'user_eng',
    inValue: true,
  });
  expect(at('features:\n- user_eng|CURSOR')).toEqual({
    keys: ['features'],
    before: 'user_eng',
    inValue: true,
  });
  expect(at('views: [user_engagement, us|CURSOR')).toEqual({ keys: ['views'], before: 'us', inValue: true });
});

test('a feature reference keeps its colon', () => {
  expect(at('features:\n  - user_engagement:us|CURSOR')).toMatchObject({
    keys: ['features'],
    before: 'user_engagement:us',
    inValue: true,
  });
});

test('SQL in a block text', () => {
  const text = 'spine:\n  sql: |\n    SELECT user_id\n    FROM sta|CURSOR';
  expect(at(text)).toEqual({ keys: ['spine', 'sql'], before: 'FROM sta', inValue: true });
});

test('a comment is no value', () => {
  expect(at('entity: user # the us|CURSOR')).toMatchObject({ inValue: false });
});

test('a sibling below a nested block stands at its own level', () => {
  expect(at('features:\n  a:\n    window: 7d\n  b:\n    avg: dur|CURSOR')).toMatchObject({
    keys: ['features', 'b', 'avg'],
    before: 'dur',
  });
});

test('top-level values lose quotes and comments', () => {
  expect(topLevelValue('entity: user\nsource: "events"  # all', 'source')).toBe('events');
  expect(topLevelValue('entity: user', 'source')).toBeNull();
});
