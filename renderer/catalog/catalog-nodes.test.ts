import { expect, test } from 'vitest';
import type { Catalog, FeatureView } from '../../engine/catalog/model';
import { catalogGroups, NO_FACTS, searchGroups, visibleNodes } from './catalog-nodes';
import { halfOpen } from '../../engine/catalog/window';

const view: FeatureView = {
  name: 'user_engagement',
  kind: 'aggregate',
  entities: ['user'],
  source: 'interactions',
  timestamp: 'event_timestamp',
  validity: null,
  createdTimestamp: null,
  ttl: 86_400_000_000n,
  features: [
    {
      name: 'user_7d_views',
      type: 'int64',
      definition: {
        kind: 'aggregation',
        window: halfOpen(604_800_000_000n),
        aggregation: { fn: 'count', of: '*', where: null },
      },
      default: { kind: 'zero' },
      missingIndicator: false,
      description: '',
    },
  ],
  description: 'What the user did lately.',
  tags: {},
};

const catalog: Catalog = {
  sources: new Map([
    [
      'interactions',
      {
        name: 'interactions',
        files: ['a.parquet'],
        timestamp: 'event_timestamp',
        availableAt: null,
        description: '',
      },
    ],
  ]),
  entities: new Map(),
  views: new Map([['user_engagement', view]]),
  onDemandViews: new Map(),
  trainingSets: new Map(),
  drifts: new Map(),
  skews: new Map([
    [
      'serving',
      {
        name: 'serving',
        trainingSet: 'train',
        baseline: { kind: 'training', set: 'train' },
        serving: { kind: 'source', source: 'log', timestamp: null },
        within: 0n,
        tolerance: { absolute: 0, relative: 1e-9 },
        segments: [],
        releases: [],
        limits: { mismatchRate: null, psi: null, nullRate: null, unmatchedRate: null },
      },
    ],
  ]),
  audits: new Map(),
  materializations: new Map(),
  backfills: new Map(),
  replays: new Map(),
  lookups: new Map(),
  queries: new Map(),
  charts: new Map(),
};

test('kinds without cells are left out; features show type letters, their window in the tooltip', () => {
  const groups = catalogGroups(catalog, NO_FACTS);
  expect(groups.map(({ label }) => label)).toEqual(['Sources', 'Feature views', 'Skew']);
  const [feature] = groups[1]!.nodes[0]!.children;
  expect(feature).toMatchObject({ label: 'user_7d_views', letters: 'i64', detail: '' });
  expect(feature!.title).toContain('count(*) over 7d');
});

test('counts and differences come from the runs', () => {
  const groups = catalogGroups(catalog, {
    ...NO_FACTS,
    sources: new Map([['interactions', { rows: 204_118, from: null, to: null, files: 2 }]]),
    skews: new Map([['serving', { differing: 2, features: 5 }]]),
  });
  expect(groups[0]!.nodes[0]!.detail).toBe('204,118');
  expect(groups[2]!.nodes[0]).toMatchObject({ detail: '2 of 5 differ', tone: 'bad' });
});

test('a search keeps a feature with its view', () => {
  const found = searchGroups(catalogGroups(catalog, NO_FACTS), '7D views');
  expect(found.map(({ id }) => id)).toEqual(['views']);
  expect(visibleNodes(found[0]!, new Set()).map(({ node }) => node.label)).toEqual([
    'user_engagement',
    'user_7d_views',
  ]);
});

test('a folded view hides its features', () => {
  const [, views] = catalogGroups(catalog, NO_FACTS);
  const rows = visibleNodes(views!, new Set(['view user_engagement']));
  expect(rows).toHaveLength(1);
  expect(rows[0]!.expanded).toBe(false);
});

test('a cell whose text does not read now is marked, with its features', () => {
  const groups = catalogGroups(catalog, { ...NO_FACTS, kept: new Set(['user_engagement']) });
  const [view] = groups[1]!.nodes;
  expect(view).toMatchObject({ label: 'user_engagement', kept: true });
  expect(view!.children[0]).toMatchObject({ kept: true });
  expect(view!.title).toMatch(/^As last valid/);
  expect(groups[0]!.nodes[0]!.kept).toBe(false);
});
