import { describe, expect, it } from 'vitest';
import { halfOpen } from '../catalog/window';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { canonicalJson } from '../database/manifest-parts';
import type { FeatureMean } from '../sql/mean';
import { checkManifest, definitionsOf, type Manifest } from './manifest';

const count = { fn: 'count', of: '*', where: null } as const;
const set = {
  name: 'train',
  spineSql: 'SELECT 1',
  timestamp: 'ts',
  label: null,
  features: [{ view: 'act', feature: 'n', column: 'n' }],
  export: null,
};
const catalogWith = (window: bigint) =>
  catalogOf({
    sources: ['ev'],
    views: [
      aView('act', 'aggregate', 'ev', [
        aFeature('n', 'int64', { kind: 'aggregation', window: halfOpen(window), aggregation: count }),
      ]),
    ],
    sets: [set],
  });
const file = (path: string, sha256: string) => ({ path, size: 10, sha256 });
const mean: FeatureMean = {
  ref: 'act:n',
  before: '2025-01-01T00:00:00.000000Z',
  mean: 2.5,
  rows: 4,
  by: 'tier',
  categories: [{ value: 'gold', mean: 2, rows: 1 }],
};
const before: Manifest = {
  plumbline_manifest: 1,
  engine: { plumbline: '1.0.0', duckdb: 'v1.4.3' },
  training_set: 'train',
  file: file('out/train.parquet', 'f1'),
  compression: 'zstd',
  rows: 10,
  spine_rows: 10,
  sample: null,
  columns: [{ name: 'ts', type: 'TIMESTAMP' }],
  definitions: definitionsOf(catalogWith(60n), set),
  sql: [{ name: 'act', sql: 'SELECT 1' }],
  sources: [{ name: 'ev', rows: 5, files: [file('a.parquet', 'aa'), file('b.parquet', 'bb')] }],
  features: [
    {
      ref: 'act:n',
      column: 'n',
      present: 7,
      missing: 1,
      expired: 1,
      null: 1,
      leaking_rows: 2,
      value_differs: 3,
      worth: { metric: 'auc', naive: 0.7, point_in_time: 0.6 },
    },
  ],
  means: [mean],
  warnings: [],
};
const text = canonicalJson(before);
const changed = (more: Partial<Manifest>): string[] =>
  checkManifest(text, { ...before, ...more }).map(({ part, name, message }) => `${part} ${name}: ${message}`);

describe('checkManifest', () => {
  it('takes a manifest from before there were means', () => {
    const { means: _, ...older } = before;
    expect(checkManifest(canonicalJson(older), { ...before, means: [] })).toEqual([]);
  });

  it('finds nothing in a repeat, whatever the order of the keys', () => {
    expect(checkManifest(text, structuredClone(before))).toEqual([]);
    expect(checkManifest(JSON.stringify(before), before)).toEqual([]);
    expect(checkManifest(text, { ...before, file: undefined })).toEqual([]);
  });

  it.each<[string, Partial<Manifest>, string[]]>([
    [
      'the content of a source file',
      { sources: [{ name: 'ev', rows: 5, files: [file('a.parquet', 'aa'), file('b.parquet', 'cc')] }] },
      ['source ev: source ev changed: b.parquet'],
    ],
    [
      'a source file that is gone, and one that is new',
      { sources: [{ name: 'ev', rows: 5, files: [file('a.parquet', 'aa'), file('c.parquet', 'cc')] }] },
      ['source ev: source ev changed: c.parquet, b.parquet'],
    ],
    [
      'the order of the files',
      { sources: [{ name: 'ev', rows: 5, files: [file('b.parquet', 'bb'), file('a.parquet', 'aa')] }] },
      ['source ev: source ev changed: its files are in another order'],
    ],
    [
      'the rows of a source',
      { sources: [{ ...before.sources[0]!, rows: 6 }] },
      ['source ev: source ev changed: 5 rows, now 6'],
    ],
    [
      'a source that is new',
      { sources: [...before.sources, { name: 'b', rows: 1, files: [] }] },
      ['source b: source b is new'],
    ],
    ['a source that is gone', { sources: [] }, ['source ev: source ev is gone']],
    [
      'a definition',
      { definitions: definitionsOf(catalogWith(61n), set) },
      ['definition act: the definition of act changed'],
    ],
    [
      'the training set itself',
      { definitions: definitionsOf(catalogWith(60n), { ...set, spineSql: 'SELECT 2' }) },
      ['definition train: the definition of train changed'],
    ],
    [
      'a view that is gone',
      { definitions: { ...before.definitions, views: [] } },
      ['definition act: the definition of act is gone'],
    ],
    ['the rows', { rows: 9 }, ['rows train: train had 10 rows, now 9']],
    ['the spine’s rows', { spine_rows: 11 }, ['rows train: the spine of train had 10 rows, now 11']],
    ['the sample', { sample: 5 }, ['rows train: train was whole, now a sample of 5']],
    ['the columns', { columns: [] }, ['columns train: the columns of train changed']],
    ['the warnings', { warnings: ['a tie'] }, ['rows train: the warnings changed: now a tie']],
    [
      'the counts of a feature',
      { features: [{ ...before.features[0]!, present: 6, null: 2, leaking_rows: 4 }] },
      ['feature act:n: act:n: present 7 -> 6, null 1 -> 2, leaking_rows 2 -> 4'],
    ],
    [
      'the worth of a feature',
      { features: [{ ...before.features[0]!, worth: { metric: 'auc', naive: 0.7, point_in_time: 0.5 } }] },
      ['feature act:n: act:n: its worth changed'],
    ],
    [
      'a mean',
      { means: [{ ...mean, mean: 3, rows: 5 }] },
      [
        'mean act:n: the mean of act:n was 2.5 over 4 rows before 2025-01-01T00:00:00.000000Z, now 3 over 5 rows before 2025-01-01T00:00:00.000000Z',
      ],
    ],
    [
      'a mean by category',
      { means: [{ ...mean, categories: [] }] },
      ['mean act:n: the mean of act:n by category changed'],
    ],
    [
      'a mean that is gone',
      { means: [] },
      ['mean act:n: the mean of act:n was 2.5 over 4 rows before 2025-01-01T00:00:00.000000Z, now not taken'],
    ],
    ['the SQL', { sql: [{ name: 'act', sql: 'SELECT 2' }] }, ['sql train: the SQL of train changed']],
    [
      'the engine',
      { engine: { plumbline: '1.0.0', duckdb: 'v1.5.0' } },
      ['engine train: made with DuckDB v1.4.3 and Plumbline 1.0.0, now DuckDB v1.5.0 and Plumbline 1.0.0'],
    ],
    ['the compression', { compression: 'gzip' }, ['file train: compressed with zstd, now gzip']],
    [
      'the file’s digest',
      { file: file('out/train.parquet', 'f2') },
      ['file train: the file’s digest changed from f1 to f2'],
    ],
  ])('tells of %s', (_, more, expected) => {
    expect(changed(more)).toEqual(expected);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"plumbline_manifest": 2}',
    text.replace('"spine_rows"', '"spine"'),
    text.slice(0, 99),
  ])('refuses what is not a manifest: %.30s', (earlier) => {
    expect(() => checkManifest(earlier, before)).toThrow(
      expect.objectContaining({
        code: 'export.mismatch',
        message: 'this is not a Plumbline manifest of version 1',
      }),
    );
  });
});
