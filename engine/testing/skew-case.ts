import type { Catalog, FeatureType, SkewCheck } from '../catalog/model';
import type { Database } from '../database/database';
import { sourceSide, trainingSide } from '../skew/side';
import { compareSkew, type BuiltSkew, type CompareOptions } from '../skew/skew';
import { literal, type SqlValue } from '../sql/literal';
import { quote } from '../sql/quote';

/** A training set and a log as plain rows, for tests of engine/skew. */
export interface SkewCase {
  features: { name: string; type: FeatureType; left: string; right: string | null }[];
  /** `user`, the time in microseconds, then the features' values; a right side's value for a missing column is left out. */
  left: Record<string, SqlValue>[];
  right: Record<string, SqlValue>[];
}

export const SKEW_CHECK: SkewCheck = {
  name: 'check',
  trainingSet: 'train',
  baseline: { kind: 'training', set: 'train' },
  serving: { kind: 'source', source: 'log', timestamp: null },
  within: 0n,
  tolerance: { absolute: 0, relative: 1e-9 },
  segments: [],
  releases: [],
  limits: { mismatchRate: null, psi: null, nullRate: null, unmatchedRate: null },
};

/** Compares the rows of the check's training set, already built, with those of its source. */
export async function compareCase(
  db: Database,
  catalog: Catalog,
  check: SkewCheck,
  options: CompareOptions & { sampled?: boolean } = {},
): Promise<BuiltSkew> {
  const set = catalog.trainingSets.get(check.trainingSet)!;
  if (check.serving.kind !== 'source') throw new Error('compareCase compares with a source only');
  const { source, timestamp } = check.serving;
  const columns = set.features.map((feature) => feature.column);
  const given = { catalog, set, means: new Map(), columns, sample: options.sampled ? 1 : null };
  const left = await trainingSide(db, set.name, given, options);
  const right = await sourceSide(db, source, catalog.sources.get(source)!, timestamp, options);
  return compareSkew(db, { catalog, set, check, left, right }, { causes: false, ...options });
}

/** Makes `_plumb.training_train` and `_plumb.source_log`, and the catalog that knows them. */
export async function storeSkewCase(db: Database, given: SkewCase): Promise<Catalog> {
  const table = async (name: string, order: string, side: 'left' | 'right'): Promise<void> => {
    const features = given.features.filter((feature) => feature[side] !== null);
    const columns = [
      `${order} BIGINT`,
      'user_id BIGINT',
      'ts TIMESTAMP',
      ...features.map((feature) => `${quote(feature.name)} ${feature[side]}`),
    ];
    await db.query(
      `CREATE SCHEMA IF NOT EXISTS _plumb; CREATE OR REPLACE TABLE _plumb.${name} (${columns.join(', ')})`,
    );
    const rows = given[side].map((row, index) => {
      const values = features.map((feature) => literal(row[feature.name] ?? null));
      const time = row['ts'] === null ? 'NULL' : `make_timestamp(${literal(row['ts'] ?? null)})`;
      return `(${[index, literal(row['user_id'] ?? null), time, ...values].join(', ')})`;
    });
    if (rows.length > 0) await db.query(`INSERT INTO _plumb.${name} VALUES ${rows.join(', ')}`);
  };
  await table('training_train', '__row', 'left');
  await table('source_log', '__order', 'right');
  return skewCatalog(given);
}

function skewCatalog(given: SkewCase): Catalog {
  const features = given.features.map(({ name, type }) => ({
    name,
    type,
    definition: { kind: 'column', column: name } as const,
    default: { kind: 'none' } as const,
    missingIndicator: false,
    description: '',
  }));
  return {
    sources: new Map([
      ['log', { name: 'log', files: [], timestamp: 'ts', availableAt: null, description: '' }],
    ]),
    entities: new Map([
      [
        'user',
        {
          name: 'user',
          joinKeys: [{ name: 'user_id', type: 'int64' }],
          description: '',
        },
      ],
    ]),
    views: new Map([
      [
        'v',
        {
          name: 'v',
          kind: 'table',
          entities: ['user'],
          source: 's',
          timestamp: 'ts',
          validity: null,
          createdTimestamp: null,
          ttl: null,
          features,
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
          spineSql: '',
          timestamp: 'ts',
          label: null,
          features: features.map(({ name }) => ({ view: 'v', feature: name, column: name })),
          export: null,
        },
      ],
    ]),
    skews: new Map([['check', SKEW_CHECK]]),
    drifts: new Map(),
    audits: new Map(),
    materializations: new Map(),
    backfills: new Map(),
    replays: new Map(),
    lookups: new Map(),
    queries: new Map(),
    charts: new Map(),
  };
}
