import { featureColumns, VIEWS, views } from '../data';
import { pointInTime } from '../engine-side';
import { count, withSession, type Figure } from '../figure';
import { compare } from '../measure';
import { nativeSide } from '../native-side';

/** Five feature tables with a ttl joined to a spine, against DuckDB's own ASOF JOIN. */
export const asOf: Figure = {
  name: 'as-of',
  async measure(bench) {
    const { data, runs } = bench;
    await data.need('spine', ...views());
    const columns = featureColumns();
    const native = nativeSide(data, 'native DuckDB, ASOF JOIN, one thread', asOfSql(), columns);
    return withSession(bench, ['spine', ...views()], async (session) => [
      await compare(
        {
          figure: 'as-of',
          what: `as-of join, ${VIEWS} views with a ttl`,
          goal: 0.8,
          size: await asOfSize(bench),
        },
        pointInTime(session, 'as_of', data.sizes.spine),
        native,
        runs,
      ),
    ]);
  },
};

export async function asOfSize({
  data,
}: {
  data: { sizes: { spine: number }; numbers(sql: string): Promise<number[]> };
}) {
  const [rows = 0] = await data.numbers('SELECT count(*) FROM daily0');
  return `${count(data.sizes.spine)} x ${VIEWS} x ${count(rows)}`;
}

/** ASOF knows no ttl: a row that is too old is taken back by CASE. */
function asOfSql(): string {
  const values = views().flatMap((view, index) =>
    [`x${index}`, `n${index}`].map(
      (column) =>
        `CASE WHEN ${view}.event_timestamp >= s.event_timestamp - INTERVAL 2 DAY THEN ${view}.${column} END AS ${column}`,
    ),
  );
  const joins = views().map(
    (view) =>
      `ASOF LEFT JOIN ${view} ON s.user_id = ${view}.user_id AND s.event_timestamp >= ${view}.event_timestamp`,
  );
  return `SELECT s.*, ${values.join(', ')} FROM spine s ${joins.join(' ')}`;
}
