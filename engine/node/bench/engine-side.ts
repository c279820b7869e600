import { queryRows } from '../../database/rows';
import { withSortedEvents } from '../../sql/sorted-events';
import { spinePoints, spineTables } from '../../sql/spine';
import { valuesSql } from '../../sql/view-values';
import { planTrainingSet, spineStatements } from '../../training/training-plan';
import type { Session } from '../commands/session';
import type { Digest, Side } from './measure';

const RESULT = '_plumb.bench_result';

/**
 * The point-in-time side of a training set alone, which is what the baselines compute too: spine, values of each view,
 * one table of both. No naive join, no statuses, no summary.
 */
export function pointInTime(session: Session, name: string, points: number): Side {
  const db = session.host.database;
  const catalog = session.notebook.analysis.catalog;
  const set = catalog.trainingSets.get(name)!;
  return {
    name: 'one engine',
    async run() {
      const plan = await planTrainingSet(db, catalog, set);
      for (const { sql } of spineStatements(plan, null)) await db.query(sql);
      const { numbered } = spineTables(name);
      for (const [at, { compiled }] of plan.parts.entries()) {
        const where = { ...spinePoints(numbered, compiled.keys), count: points };
        const ready = await withSortedEvents(db, compiled, where, {});
        const values = valuesSql(ready, where, { keepKeys: false, ignoreTtl: false, keepExpired: false });
        await db.query(`CREATE OR REPLACE TABLE _plumb.bench_${at} AS ${values}`);
      }
      const columns = plan.parts.flatMap(({ compiled }, at) =>
        compiled.features.map(({ feature }, index) => `p${at}."__v${index}" AS "${feature.name}"`),
      );
      const joins = plan.parts.map((_, at) => `LEFT JOIN _plumb.bench_${at} p${at} USING ("__row")`);
      await db.query(
        `CREATE OR REPLACE TABLE ${RESULT} AS SELECT s.user_id, s.event_timestamp, s.label, ${columns.join(', ')}
          FROM ${numbered} s ${joins.join(' ')}`,
      );
    },
    async digest() {
      const columns = set.features.map(({ column }) => column);
      const [row] = await queryRows(db, digestSql(RESULT, columns));
      return Object.values(row!).map(Number);
    },
  };
}

/** Rows, then per column how many values there are and their sum. */
export function digestSql(table: string, columns: readonly string[]): string {
  const each = columns.map(
    (column) => `count("${column}") AS "n_${column}", coalesce(sum("${column}"), 0)::DOUBLE AS "s_${column}"`,
  );
  return `SELECT count(*) AS n, ${each.join(', ')} FROM ${table}`;
}

/** The digest of a Parquet file, by native DuckDB. */
export function fileDigest(
  numbers: (sql: string) => Promise<Digest>,
  file: string,
  columns: readonly string[],
) {
  return numbers(digestSql(`'${file}'`, columns));
}
