import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { catalogFor } from '../testing/cases/case-catalog';
import { agreesInText } from '../testing/cases/case-result';
import { tablesSql } from '../testing/cases/case-tables';
import { expectCases } from '../testing/cases/check-cases';
import { oracleCase, type OracleCase } from '../testing/cases/oracle-case';
import { isTextbook, textbookSql } from '../testing/cases/textbook-sql';
import { openTestDatabase } from '../testing/test-database';
import { buildTrainingSet } from './training-set';

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
    const check = async (one: OracleCase): Promise<string[]> => {
      const { catalog, set } = catalogFor(one);
      await db.query(tablesSql(one));
      await buildTrainingSet(db, catalog, set, { sample: null });
      const features = one.views.flatMap((view) => view.features);
      const chosen = features.flatMap((feature, index) =>
        isTextbook(feature) ? [{ feature, column: set.features[index]!.column }] : [],
      );
      const columns = chosen.map(({ column }) => `, ${column}::VARCHAR AS ${column}`).join('');
      const found = await queryRows(db, `SELECT __row${columns} FROM _plumb.training_train ORDER BY __row`);
      await native.run(tablesSql(one));
      const expected = (await native.runAndReadAll(textbookSql(one))).getRowObjectsJson();
      values += found.length * chosen.length;
      return expected.flatMap((row, at) =>
        chosen
          .filter(({ feature, column }) => !agreesInText(feature, row[column], found[at]?.[column]))
          .map(({ column }) => `row ${at} ${column}: ${row[column]} wanted, ${found[at]?.[column]} found`),
      );
    };
    await expectCases(oracleCase(8), check, { seed: 20250316, runs: 26 });
    expect(values).toBeGreaterThan(1000);
  });
});
