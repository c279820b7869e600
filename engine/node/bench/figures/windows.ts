import { pointInTime } from '../engine-side';
import { count, withSession, type Figure } from '../figure';
import { compare } from '../measure';
import { nativeSide } from '../native-side';
import { WINDOWS, windowColumns } from '../notebook';

/** Twelve features over trailing windows, against RANGE frames over the union of events and spine. */
export const windows: Figure = {
  name: 'windows',
  async measure(bench) {
    const { data, runs } = bench;
    await data.need('spine', 'events');
    const native = nativeSide(data, 'native DuckDB, RANGE frames, one thread', framesSql(), windowColumns());
    return withSession(bench, ['spine', 'events'], async (session) => [
      await compare(
        {
          figure: 'windows',
          what: `trailing windows ${WINDOWS.join(', ')} x count, sum, avg, max`,
          goal: 0.15,
          size: `${count(data.sizes.spine)} x ${count(data.sizes.events)}`,
        },
        pointInTime(session, 'windows', data.sizes.spine),
        native,
        runs,
      ),
    ]);
  },
};

const HOURS = { '1h': 1, '7d': 168, '30d': 720 };

/** On whole microseconds, as the engine counts. */
function framesSql(): string {
  const frame = (hours: number) =>
    `(PARTITION BY user_id ORDER BY t RANGE BETWEEN ${hours * 3_600_000_000} PRECEDING AND 1 PRECEDING)`;
  const columns = WINDOWS.flatMap((window) =>
    ['count', 'sum', 'avg', 'max'].map((name) => `${name}(amount) OVER w${window} AS ${name}_${window}`),
  );
  const named = WINDOWS.map((window) => `w${window} AS ${frame(HOURS[window])}`);
  return `SELECT * FROM (SELECT user_id, t, is_spine, ${columns.join(', ')} FROM (
      SELECT user_id, epoch_us(event_timestamp) AS t, amount, false AS is_spine FROM events
      UNION ALL SELECT user_id, epoch_us(event_timestamp), NULL, true FROM spine)
    WINDOW ${named.join(', ')}) WHERE is_spine`;
}
