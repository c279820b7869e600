import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { OracleAggregation, OracleFeature } from '../testing/oracle';
import { oracleCase, type OracleCase } from '../testing/oracle-cases';
import { catalogFor, dataSql, keyNames } from '../testing/oracle-catalog';
import { openTestDatabase } from '../testing/test-database';
import { buildTrainingSet } from './training-set';

/**
 * The second judge: textbook SQL in native DuckDB. A correlated subquery per window feature, an inequality join with
 * row_number per feature table; nothing of it comes from the engine's SQL.
 */
const WHERE = { all: 'true', tag_a: "e.tag = 'a'", x_positive: 'e.x > 0' };

function subquery(one: OracleCase, window: bigint, value: string, where: string): string {
  const same = keyNames(one).map((key) => `e.${key} = s.${key}`);
  return `(SELECT ${value} FROM _plumb.source_events e WHERE ${same.join(' AND ')} AND (${where})
    AND e.ts >= s.ts - to_microseconds(${window}) AND e.ts < s.ts)`;
}

function aggregate(one: OracleCase, window: bigint, { fn, where }: OracleAggregation): string {
  const value = {
    count: 'count(*)',
    count_x: 'count(e.x)',
    count_distinct: 'count(DISTINCT e.x)',
    sum: 'sum(e.x)::BIGINT',
    avg: 'sum(e.x)::DOUBLE / count(e.x)',
    min: 'min(e.x)',
    max: 'max(e.x)',
    last: 'list(e.x ORDER BY e.ts DESC, e.__order DESC)[1]',
  }[fn];
  return subquery(one, window, value, WHERE[where]);
}

function windowValue(one: OracleCase, feature: Exclude<OracleFeature, { kind: 'column' }>): string {
  switch (feature.kind) {
    case 'mean_expression':
      return subquery(one, feature.window, 'sum(e.x)::DOUBLE / count(*)', 'true');
    case 'aggregation': {
      const value = aggregate(one, feature.window, feature.aggregation);
      return feature.zero ? `coalesce(${value}, 0)` : value;
    }
    case 'ratio': {
      const [of, over] = [feature.of, feature.over].map((side) => aggregate(one, feature.window, side));
      const value = `CASE WHEN ${over} <> 0 THEN (${of})::DOUBLE / (${over})::DOUBLE END`;
      return feature.zero ? `coalesce(${value}, 0)` : value;
    }
  }
}

function textbookSql(one: OracleCase): string {
  const same = keyNames(one).map((key) => `e.${key} = s.${key}`);
  const age = one.table.ttl === null ? '' : `AND e.ts >= s.ts - to_microseconds(${one.table.ttl})`;
  const made = one.table.useMade ? 'e.made DESC NULLS LAST,' : '';
  const windows = one.features.map(
    (feature, index) =>
      `(${windowValue(one, feature as Exclude<OracleFeature, { kind: 'column' }>)})::VARCHAR AS f${index}`,
  );
  return `
    WITH s AS (SELECT rowid AS place, * FROM main.spine_rows),
    ranked AS (
      SELECT s.place, e.x,
        row_number() OVER (PARTITION BY s.place ORDER BY e.ts DESC, ${made} e.__order DESC) AS newest
      FROM s JOIN _plumb.source_events e ON ${same.join(' AND ')} AND e.ts <= s.ts ${age}
    )
    SELECT ${windows.join(', ')}, ranked.x::VARCHAR AS value
    FROM s LEFT JOIN ranked ON ranked.place = s.place AND newest = 1 ORDER BY s.place`;
}

describe('training values against textbook SQL in native DuckDB', () => {
  let db: Database;
  let native: DuckDBConnection;
  beforeAll(async () => {
    db = await openTestDatabase();
    native = await (await DuckDBInstance.create(':memory:')).connect();
    await native.run('CREATE SCHEMA _plumb; SET threads = 1');
  });
  afterAll(async () => {
    native.closeSync();
    await db.close();
  });

  it('agree in every row of the brute-force oracle’s cases', async () => {
    let values = 0;
    await fc.assert(
      fc.asyncProperty(oracleCase, async (one) => {
        const { catalog, set } = catalogFor(one);
        await db.query(dataSql(one));
        await buildTrainingSet(db, catalog, set, { sample: null });
        const columns = set.features.map(({ column }) => `${column}::VARCHAR AS ${column}`).join(', ');
        const found = await queryRows(db, `SELECT ${columns} FROM _plumb.training_train ORDER BY __row`);
        await native.run(dataSql(one));
        const expected = (await native.runAndReadAll(textbookSql(one))).getRowObjectsJson();
        expect(found).toEqual(expected);
        values += found.length * set.features.length;
      }),
      { seed: 20250316, numRuns: 26 },
    );
    expect(values).toBeGreaterThan(1000);
  });
});
