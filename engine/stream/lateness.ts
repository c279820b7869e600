import { isoMicroseconds } from '../catalog/instant';
import { DAY, HOUR, MINUTE } from '../catalog/window';
import { type Database, ORDER_COLUMN } from '../database/database';
import { queryRows } from '../database/rows';
import type { LateRow, ReplayLateness } from '../results';
import type { CompiledView } from '../sql/compiled-view';
import { quote } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { inTime } from './arrivals';

const BUCKETS = [MINUTE, 5n * MINUTE, 15n * MINUTE, HOUR, 6n * HOUR, DAY];
const EXAMPLES = 10;

/** How late the rows were that a watermark `delay` behind drops; null without any. `compiled` reads the log. */
export async function lateness(
  db: Database,
  compiled: CompiledView,
  arrivals: string,
  { delay, end, signal }: { delay: bigint; end: bigint; signal?: AbortSignal },
): Promise<ReplayLateness | null> {
  const late = printSelect({
    columns: ['*', `"__behind" - ${delay} AS late_by`],
    from: [arrivals],
    where: [`"__known" <= ${end}`, `NOT ${inTime(delay)}`],
  });
  const within = BUCKETS.map((most) => `late_by <= ${most}`);
  const bucket = (at: number): string =>
    [...(at < within.length ? [within[at]!] : []), ...(at > 0 ? [`NOT ${within[at - 1]!}`] : [])].join(
      ' AND ',
    );
  const summary = printSelect({
    columns: [
      'count(*) AS n',
      'quantile_disc(late_by, 0.5) AS median',
      'quantile_disc(late_by, 0.95) AS p95',
      'max(late_by) AS most',
      ...[...BUCKETS, null].map((_, at) => `count(*) FILTER (WHERE ${bucket(at)}) AS bucket${at}`),
    ],
    from: [`${block(late)} AS l`],
  });
  const [row = {}] = await queryRows(db, summary, { signal });
  if (Number(row['n']) === 0) return null;
  return {
    median_us: Number(row['median']),
    p95_us: Number(row['p95']),
    max_us: Number(row['most']),
    buckets: [...BUCKETS, null].map((most, at) => ({
      up_to_us: most === null ? null : Number(most),
      rows: Number(row[`bucket${at}`]),
    })),
    examples: await latest(db, compiled, late, signal),
  };
}

async function latest(
  db: Database,
  { keys, source }: CompiledView,
  late: string,
  signal?: AbortSignal,
): Promise<LateRow[]> {
  const order = quote(ORDER_COLUMN);
  const most = `SELECT * FROM ${block(late)} AS l ORDER BY late_by DESC, "__pos" LIMIT ${EXAMPLES}`;
  const rows = await queryRows(
    db,
    printSelect({
      columns: [
        ...keys.map((key, at) => `CAST(s.${quote(key.name)} AS VARCHAR) AS k${at}`),
        ...['__at', '__known', 'late_by'].map((name) => `l.${quote(name)}`),
      ],
      from: [`${block(most)} AS l`, `JOIN ${source} AS s ON s.${order} = l.${order}`],
      orderBy: ['l.late_by DESC', 'l."__pos"'],
    }),
    { signal },
  );
  return rows.map((row) => ({
    entity: Object.fromEntries(keys.map((key, at) => [key.name, row[`k${at}`] as string | null])),
    event_time: isoMicroseconds(row['__at'] as bigint),
    arrival: isoMicroseconds(row['__known'] as bigint),
    late_by_us: Number(row['late_by']),
  }));
}
