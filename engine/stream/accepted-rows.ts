import type { StreamLog } from '../catalog/stream-view';
import { type Database, INTERNAL_SCHEMA, ORDER_COLUMN, sourceTable } from '../database/database';
import { quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { inTime, makeArrivals } from './arrivals';

/**
 * Makes a relation of the log's rows that a consumer accepts whose watermark stays `delay` microseconds behind: the
 * log's own columns and `__order`. With it as the `source` of a view that is compiled over the log (`catalogOverLog`),
 * `valuesSql` gives at a point what the consumer's store would have answered at that time: rows that had arrived
 * (`available_at <= t`) and were not dropped as late. Gives the relation, quoted; `made` gets what drops it and what it
 * reads. Errors: `engine.*`, `source.too_large`.
 */
export async function acceptedRows(
  db: Database,
  log: StreamLog,
  delay: bigint,
  made: string[],
  signal?: AbortSignal,
): Promise<string> {
  const place = (name: string): string => relation({ schema: INTERNAL_SCHEMA, name });
  const arrivals = place(`arrivals_${log.name}`);
  const accepted = place(`accepted_${log.name}_${delay}`);
  made.push(`DROP VIEW IF EXISTS ${accepted}`, `DROP TABLE IF EXISTS ${arrivals}`);
  await makeArrivals(db, log, arrivals, signal);
  await db.query(acceptedViewSql(log, arrivals, delay, accepted), { signal });
  return accepted;
}

/** Makes the view `accepted` (quoted) of a log's rows in time, over the table that `makeArrivals` made. */
export function acceptedViewSql(log: StreamLog, arrivals: string, delay: bigint, accepted: string): string {
  const order = quote(ORDER_COLUMN);
  const inTimeRows = printSelect({ columns: [order], from: [arrivals], where: [inTime(delay)] });
  const select = printSelect({
    columns: ['s.*'],
    from: [
      `${relation(sourceTable(log.name))} AS s`,
      `SEMI JOIN ${block(inTimeRows)} AS a ON a.${order} = s.${order}`,
    ],
  });
  return `CREATE OR REPLACE VIEW ${accepted} AS\n${select}`;
}
