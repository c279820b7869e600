import { expect, test } from 'vitest';
import { analyse } from '../../engine/notebook/analysis';
import { parseNotebook } from '../../engine/notebook/parse';
import { shownCatalog } from './shown-catalog';

const SOURCE = '```yaml source s\nfiles: a.parquet\ntimestamp: ts\n```\n';
const ENTITY = '```yaml entity e\njoin_keys: { id: string }\n```\n';
const VIEW =
  '```yaml view v\nentity: e\nsource: s\nfeatures:\n  n: { type: int64, window: 1h, count: "*", default: zero }\n```\n';
const SET =
  '```yaml training-set t\nspine: { sql: SELECT * FROM s }\ntimestamp: ts\nlabel: y\nfeatures: [v:n]\n```\n';
const analysed = (text: string) => analyse([parseNotebook(text, 'n.plumb.md').document]);
const valid = analysed(SOURCE + ENTITY + VIEW + SET).catalog;

test('a valid notebook is shown as it is', () => {
  const analysis = analysed(SOURCE + ENTITY + VIEW + SET);
  expect(analysis.catalog.trainingSets.has('t')).toBe(true);
  expect(shownCatalog(valid, analysis)).toEqual({ shown: analysis.catalog, kept: new Set() });
});

test('a cell whose text does not read keeps its definition, and so does what rests on it', () => {
  const broken = analysed(SOURCE + ENTITY + VIEW.replace('source: s', 'source: [') + SET);
  expect(broken.catalog.views.size).toBe(0);
  const { shown, kept } = shownCatalog(valid, broken);
  expect([...kept]).toEqual(['v', 't']);
  expect(shown.views.get('v')).toBe(valid.views.get('v'));
  expect(shown.trainingSets.get('t')).toBe(valid.trainingSets.get('t'));
  expect([...shown.sources.keys()]).toEqual(['s']);
});

test('a cell keeps its place among the others', () => {
  const two = SOURCE + SOURCE.replace('source s', 'source z');
  const { shown } = shownCatalog(
    analysed(two).catalog,
    analysed(two.replace('files: a.parquet', 'files: [')),
  );
  expect([...shown.sources.keys()]).toEqual(['s', 'z']);
});

test('a deleted cell and a cell of another kind are gone', () => {
  expect(shownCatalog(valid, analysed(SOURCE + ENTITY)).shown.views.size).toBe(0);
  const other = analysed(SOURCE + ENTITY + '```sql query v\n\n```\n');
  const { shown, kept } = shownCatalog(valid, other);
  expect(shown.views.size).toBe(0);
  expect(kept.size).toBe(0);
});
