import type { Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import type { SkewFeature } from '../results';
import { column, quote } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { SIDE, TIME } from './alignment';
import { FEAST_STATUSES } from './feast-log';
import type { NumbersOf } from './numbers';

/**
 * What a Feast log says beside the values of feature `index`: compared rows by status, and how old the values were when they were
 * served (request time - event time, milliseconds). null where the log says neither.
 */
export async function servedOf(
  db: Database,
  { pairs, feature }: NumbersOf,
  index: number,
  options: QueryOptions,
): Promise<NonNullable<SkewFeature['served']> | null> {
  if (feature.status === null && feature.event === null) return null;
  const compared = printSelect({
    columns: ['p.*'],
    from: [`${pairs} AS p`],
    where: [`${column('p', SIDE)} = 'both'`],
  });
  const statuses: NonNullable<SkewFeature['served']>['statuses'] = {};
  if (feature.status !== null) {
    const status = quote(`status_${index}`);
    const sql = `SELECT CAST(${status} AS BIGINT) AS status, count(*) AS n FROM ${block(compared)} GROUP BY 1`;
    for (const row of await queryRows(db, sql, options)) {
      const name = FEAST_STATUSES[Number(row['status'] ?? 0)] ?? 'invalid';
      statuses[name] = (statuses[name] ?? 0) + Number(row['n']);
    }
  }
  if (feature.event === null) return { statuses, age_ms: null };
  const event = `CAST(${quote(`event_${index}`)} AS TIMESTAMP)`;
  // Feast logs 1970 where there was no value.
  const age = `CASE WHEN epoch_us(${event}) > 0 THEN (epoch_us(${quote(TIME)}) - epoch_us(${event})) / 1000 END`;
  const [row] = await queryRows(
    db,
    `SELECT quantile_disc(a, 0.5) AS p50, quantile_disc(a, 0.95) AS p95, max(a) AS most FROM (SELECT ${age} AS a FROM ${block(compared)})`,
    options,
  );
  const most = row?.['most'];
  if (most === null || most === undefined) return { statuses, age_ms: null };
  return { statuses, age_ms: { p50: Number(row?.['p50']), p95: Number(row?.['p95']), max: Number(most) } };
}
