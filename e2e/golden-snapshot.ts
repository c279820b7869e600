import { DuckDBInstance } from '@duckdb/node-api';
import { join } from 'node:path';
import { addGolden, type GoldenHashes, type GoldenRow, type GoldenType } from './golden-encoder';

/**
 * What the sample's `dev` cell must store, from native DuckDB and the meaning of a feature (docs/semantics.md) alone:
 * none of the engine's SQL, none of its encoders.
 */

const DATA = join(import.meta.dirname, '../sample-data/data');

/** The cell's `end`, as SQL. */
const T = `TIMESTAMP '2025-03-16 00:00:00'`;
const PROJECT = 'streamrec';

const SOURCES = `
CREATE TABLE interactions AS
SELECT user_id, item_id, session_id, event_type, duration_seconds, category,
       event_timestamp::TIMESTAMP AS ts,
       row_number() OVER (ORDER BY filename, file_row_number) AS place
FROM read_parquet('${DATA}/interactions/*.parquet', filename = true, file_row_number = true);

CREATE TABLE user_days AS
SELECT *, event_timestamp::TIMESTAMP AS ts, file_row_number AS place
FROM read_parquet('${DATA}/user_daily.parquet', file_row_number = true);

CREATE TABLE item_days AS
SELECT *, day::TIMESTAMP AS ts, file_row_number AS place
FROM read_parquet('${DATA}/item_daily.parquet', file_row_number = true);
`;

const within = (window: string) => `ts >= ${T} - INTERVAL ${window} AND ts < ${T}`;

interface GoldenView {
  view: string;
  key: string;
  features: Record<string, GoldenType>;
  /** Columns: the key, `at` (microseconds) and the features. */
  sql: string;
}

const VIEWS: GoldenView[] = [
  {
    view: 'user_engagement',
    key: 'user_id',
    features: {
      user_7d_completion_rate: 'float64',
      user_30d_avg_session_min: 'float64',
      user_30d_min_per_session: 'float64',
      user_1h_events: 'int64',
      user_7d_items: 'int64',
      user_last_category: 'string',
    },
    sql: `
SELECT user_id, epoch_us(${T}) AS at,
       count(*) FILTER (event_type = 'completion' AND ${within('7 days')})::DOUBLE
         / nullif(count(*) FILTER (event_type = 'view' AND ${within('7 days')}), 0) AS user_7d_completion_rate,
       avg(duration_seconds / 60 ORDER BY place) FILTER (${within('30 days')}) AS user_30d_avg_session_min,
       sum(duration_seconds ORDER BY place) FILTER (${within('30 days')}) / 60
         / nullif(count(DISTINCT session_id) FILTER (${within('30 days')}), 0) AS user_30d_min_per_session,
       count(*) FILTER (${within('1 hour')}) AS user_1h_events,
       count(DISTINCT item_id) FILTER (${within('7 days')}) AS user_7d_items,
       last(category ORDER BY ts, place) FILTER (${within('7 days')}) AS user_last_category
FROM interactions WHERE ts <= ${T} AND user_id IS NOT NULL GROUP BY user_id`,
  },
  {
    view: 'user_daily',
    key: 'user_id',
    features: { user_tier: 'string', user_sessions_30d: 'int32', user_avg_rating: 'float64' },
    sql: `
SELECT user_id, epoch_us(ts) AS at,
       CASE WHEN ts >= ${T} - INTERVAL 2 days THEN tier END AS user_tier,
       CASE WHEN ts >= ${T} - INTERVAL 2 days THEN sessions_30d END AS user_sessions_30d,
       CASE WHEN ts >= ${T} - INTERVAL 2 days THEN avg_rating END AS user_avg_rating
FROM user_days WHERE ts <= ${T} AND user_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY ts DESC, created_at DESC NULLS LAST, place DESC) = 1`,
  },
  {
    view: 'item_daily',
    key: 'item_id',
    features: { item_7d_completion_rate: 'float64', item_views_1d: 'int32' },
    sql: `
SELECT item_id, epoch_us(ts) AS at, item_completion_rate AS item_7d_completion_rate, item_views_1d
FROM item_days WHERE ts <= ${T} AND item_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY ts DESC, place DESC) = 1`,
  },
  {
    view: 'item_popularity',
    key: 'item_id',
    features: { item_1d_views: 'int64', item_7d_viewers: 'int64' },
    sql: `
SELECT item_id, epoch_us(${T}) AS at,
       count(*) FILTER (event_type = 'view' AND ${within('1 day')}) AS item_1d_views,
       count(DISTINCT user_id) FILTER (${within('7 days')}) AS item_7d_viewers
FROM interactions WHERE ts <= ${T} AND item_id IS NOT NULL GROUP BY item_id`,
  },
];

export interface GoldenSnapshot {
  /** Every hash that Redis must hold. */
  hashes: GoldenHashes;
  /** Stored views of entities: what the dry run counts. */
  pairs: number;
  /** A stored value by view, key and feature, before any default. */
  value(view: string, key: bigint, feature: string): GoldenRow['features'][number]['value'];
}

export async function goldenSnapshot(): Promise<GoldenSnapshot> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(SOURCES);
  const hashes: GoldenHashes = {};
  const values = new Map<string, GoldenRow['features'][number]['value']>();
  let pairs = 0;
  for (const { view, key, features, sql } of VIEWS) {
    const reader = await connection.runAndReadAll(sql);
    for (const row of reader.getRowObjectsJS()) {
      const id = row[key] as bigint;
      const stored = Object.entries(features).map(([name, type]) => ({
        name,
        type,
        value: row[name] as GoldenRow['features'][number]['value'],
      }));
      addGolden(hashes, PROJECT, view, {
        keys: [{ name: key, type: 'int64', value: id }],
        eventTime: row['at'] as bigint,
        features: stored,
      });
      for (const { name, value } of stored) values.set(`${view} ${id} ${name}`, value);
      pairs++;
    }
  }
  connection.closeSync();
  instance.closeSync();
  return {
    hashes,
    pairs,
    value: (view, key, feature) => values.get(`${view} ${key} ${feature}`) ?? null,
  };
}
