import type { EditorContext } from './types';
import { halfOpen } from '../../engine/catalog/window';

/** One source, entity, view and training set, for tests of completion and hover. */
export const TEST_CONTEXT: EditorContext = {
  catalog: {
    sources: new Map([
      [
        'interactions',
        {
          name: 'interactions',
          files: ['data/*.parquet'],
          timestamp: 'event_timestamp',
          availableAt: null,
          description: 'What players reported.',
        },
      ],
    ]),
    entities: new Map([
      ['user', { name: 'user', joinKeys: [{ name: 'user_id', type: 'int64' }], description: '' }],
    ]),
    views: new Map([
      [
        'user_engagement',
        {
          name: 'user_engagement',
          kind: 'aggregate',
          entities: ['user'],
          source: 'interactions',
          timestamp: 'event_timestamp',
          validity: null,
          createdTimestamp: null,
          ttl: null,
          features: [
            {
              name: 'user_7d_views',
              type: 'int64',
              definition: {
                kind: 'aggregation',
                window: halfOpen(604_800_000_000n),
                aggregation: { fn: 'count', of: '*', where: "event_type = 'view'" },
              },
              default: { kind: 'zero' },
              missingIndicator: false,
              description: 'Views in a week.',
            },
          ],
          description: '',
          tags: {},
        },
      ],
    ]),
    onDemandViews: new Map(),
    trainingSets: new Map([
      [
        'train',
        {
          name: 'train',
          spineSql: 'SELECT 1',
          timestamp: 'event_timestamp',
          label: null,
          features: [],
          export: null,
        },
      ],
    ]),
    skews: new Map(),
    drifts: new Map(),
    audits: new Map(),
    materializations: new Map(),
    backfills: new Map(),
    replays: new Map(),
    lookups: new Map(),
    queries: new Map([['daily', { name: 'daily', sql: 'SELECT 1' }]]),
    charts: new Map(),
  },
  columns: new Map([
    [
      'interactions',
      [
        { name: 'user_id', type: 'BIGINT' },
        { name: 'event_type', type: 'VARCHAR' },
      ],
    ],
    ['daily', [{ name: 'day', type: 'DATE' }]],
  ]),
  redis: ['dev'],
  files: ['data/a.parquet'],
};
