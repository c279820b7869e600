import { expect, test } from 'vitest';
import type { Catalog } from '../../engine/catalog/model';
import { lineageOf } from './lineage';

const ref = { view: 'engagement', feature: 'rate', column: 'rate' };
const catalog = {
  sources: new Map(),
  entities: new Map(),
  views: new Map([['engagement', { name: 'engagement', source: 'events', features: [] }]]),
  onDemandViews: new Map([
    [
      'pair',
      {
        name: 'pair',
        features: [{ name: 'twice', inputs: [{ name: 'clicks', view: 'engagement', feature: 'clicks' }] }],
      },
    ],
  ]),
  trainingSets: new Map([
    ['train', { name: 'train', features: [ref] }],
    ['other', { name: 'other', features: [{ ...ref, feature: 'count' }] }],
  ]),
  skews: new Map([['serving', { name: 'serving', trainingSet: 'train' }]]),
  drifts: new Map(),
  audits: new Map(),
  materializations: new Map([['dev', { name: 'dev', views: ['engagement'] }]]),
  backfills: new Map(),
  replays: new Map(),
  lookups: new Map([['one_user', { name: 'one_user', features: [ref] }]]),
  queries: new Map(),
  charts: new Map(),
} as unknown as Catalog;

const drawn = (kind: 'feature' | 'view' | 'source' | 'training-set', name: string) =>
  lineageOf(catalog, { kind, name }).map(({ label, depth }) => '  '.repeat(depth) + label);

test('a feature comes from its source and is read by training sets, checks and the store', () => {
  expect(drawn('feature', 'engagement:rate')).toEqual([
    'events',
    '  engagement',
    '    rate',
    '      train',
    '        serving',
    '      dev',
    '      one_user',
  ]);
});

test('a view is read by every set that takes any of its features', () => {
  expect(drawn('view', 'engagement')).toContain('    other');
});

test('a source shows its views, a training set its features', () => {
  expect(drawn('source', 'events').slice(0, 2)).toEqual(['events', '  engagement']);
  expect(drawn('training-set', 'train')).toEqual(['train', '  rate', '  serving']);
});

test('what the catalog does not know has no lineage', () => {
  expect(drawn('view', 'gone')).toEqual([]);
});

test('an on-demand feature stands below what it is computed from', () => {
  expect(drawn('feature', 'engagement:clicks').slice(0, 4)).toEqual([
    'events',
    '  engagement',
    '    clicks',
    '      twice',
  ]);
  expect(drawn('view', 'pair')).toEqual(['pair']);
});
