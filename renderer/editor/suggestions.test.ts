import { expect, test } from 'vitest';
import { namesSomething, sqlSuggestions, yamlSuggestions } from './suggestions';
import { TEST_CONTEXT as context } from './test-context';
import { yamlPathAt } from './yaml-path';

/** Labels offered at the end of a cell's text. */
function offered(text: string, kind: string, name = 'own') {
  const lines = text.split('\n');
  const place = yamlPathAt(text, lines.length, lines.at(-1)!.length + 1);
  return yamlSuggestions(place, text, { kind, id: 'c1', name }, context).map(({ label }) => label);
}

test('each key offers the names that fit it', () => {
  expect(offered('entity: ', 'view')).toEqual(['user']);
  expect(offered('source: int', 'view')).toEqual(['interactions']);
  expect(offered('views: [', 'materialize')).toEqual(['user_engagement']);
  expect(offered('training_set: ', 'skew')).toEqual(['train']);
  expect(offered('serving: { source: ', 'skew')).toEqual(['interactions']);
  expect(offered('redis: ', 'lookup')).toEqual(['dev']);
  expect(offered('files: data/', 'source')).toEqual(['data/a.parquet']);
  expect(offered('data: ', 'chart')).toEqual(['interactions', 'user_engagement', 'train', 'daily']);
  expect(offered('data: daily\nencoding: { x: { field: ', 'chart')).toEqual(['day']);
});

test('features are offered as view:feature, replacing what was typed of it', () => {
  const text = 'features:\n  - user_engagement:us';
  expect(offered(text, 'training-set')).toEqual(['user_engagement:user_7d_views']);
  const [one] = yamlSuggestions(
    yamlPathAt(text, 2, 24),
    text,
    { kind: 'training-set', id: 'c', name: 'train' },
    context,
  );
  expect(one!.replace).toBe('user_engagement:us'.length);
});

test('conditions and columns know the columns of the source', () => {
  expect(offered("source: interactions\nfeatures:\n  a: { count: '*', where: ev", 'view')).toEqual([
    'user_id',
    'event_type',
  ]);
  expect(offered('files: a\ntimestamp: ', 'source', 'interactions')).toEqual(['user_id', 'event_type']);
});

test('while a key is typed nothing is offered here: the schema does that', () => {
  expect(offered('entity: user\nsou', 'view')).toEqual([]);
});

const sql = (before: string, after = '') =>
  sqlSuggestions(before, before + after, context).map(({ label }) => label);

test('relations follow FROM and JOIN', () => {
  expect(sql('SELECT * FROM ')).toEqual(['interactions', 'user_engagement', 'train', 'daily']);
  expect(sql('SELECT * FROM interactions JOIN d')).toContain('daily');
});

test('columns come from the relations that the statement names, also those to the right', () => {
  expect(sql('SELECT ev', ' FROM interactions').slice(0, 2)).toEqual(['user_id', 'event_type']);
  expect(sql('SELECT i.', ' FROM interactions AS i, x')).toEqual(['user_id', 'event_type']);
  expect(sql('SELECT day.', ' FROM daily day ON true')).toEqual(['day']);
});

test('text and comments are left alone', () => {
  expect(sql("SELECT * FROM interactions WHERE event_type = 'fr")).toEqual([]);
  expect(sql('SELECT 1 -- FROM ')).toEqual([]);
});

test.each([
  ['SELECT sum(x) AS to', true],
  ['SELECT sum(x) as "to', true],
  ['SELECT CAST(x AS int', false],
  ['SELECT has', false],
  ['SELECT x AS total, ', false],
])('knows whether %j is about to name something', (before, names) => {
  expect(namesSomething(before)).toBe(names);
});

test('an on-demand expression is offered features, the ends of a dimension columns', () => {
  const asked = 'on_demand: true\nfeatures:\n  twice: { type: int64, expression: us';
  expect(offered(asked, 'view')).toEqual(['user_7d_views']);
  expect(offered('source: interactions\nvalid_from: ', 'view')).toEqual(
    offered('source: interactions\nvalid_to: ', 'view'),
  );
  expect(offered('source: interactions\nvalid_from: ', 'view')).toContain('event_type');
});
