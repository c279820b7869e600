import { queryRows } from '../../../database/rows';
import { attribute } from '../../../skew/causes/attribute';
import type { Attribution } from '../../../skew/causes/attribution';
import { withSortedEvents } from '../../../sql/sorted-events';
import { keyExpression } from '../../../sql/compiled-view';
import { prepareView } from '../../../sql/view-facts';
import { valuesSql } from '../../../sql/view-values';
import type { Session } from '../../commands/session';
import { count, withSession, type Figure } from '../figure';
import { compare, type Measurement, type Side } from '../measure';

const HOURS = 3_600_000_000;
/** Aligned rows, in whatever size of data. */
const ROWS_ALIGNED = 1_000_000;
const SPINE = '_plumb.bench_causes_spine';
const LEFT = '_plumb.bench_causes_left';
const ROWS = '_plumb.bench_causes_rows';

/** What serving did to a feature: looked from another instant, or at another user. */
interface Skewed {
  what: string;
  view: string;
  feature: string;
  /** SQL of the instant and of the user that were served. */
  served: { t: string; user: string };
  cause: string | null;
}

const CASES: Skewed[] = [
  {
    what: 'why a window of 7 days differs (a time zone)',
    view: 'user_events',
    feature: 'sum_7d',
    served: { t: `"__t" - ${5 * HOURS}`, user: 'user_id' },
    cause: 'zone:+5h',
  },
  {
    what: 'why a column differs (a copy a day old)',
    view: 'user_daily0',
    feature: 'x0',
    served: { t: `"__t" - ${24 * HOURS}`, user: 'user_id' },
    cause: 'stale:1d',
  },
  {
    what: 'why a window of 7 days differs (no known cause)',
    view: 'user_events',
    feature: 'sum_7d',
    served: { t: '"__t"', user: 'user_id + 1' },
    cause: null,
  },
];

/** Every hypothesis about one feature, pairs too where no single one is enough, against computing the feature once. */
export const skewCauses: Figure = {
  name: 'skew-causes',
  async measure(bench) {
    const { data, runs } = bench;
    const { spine, events } = data.sizes;
    const requests = spine >= ROWS_ALIGNED ? 'spine' : 'big_spine';
    await data.need(requests, 'events', 'daily0');
    return withSession(bench, [requests, 'events', 'daily0'], async (session) => {
      const found: Measurement[] = [];
      const db = session.host.database;
      await db.query(`CREATE OR REPLACE TABLE ${SPINE} AS
        SELECT "__order" AS "__row", epoch_us(event_timestamp) AS "__t", user_id
        FROM _plumb.source_${requests} ORDER BY "__order" LIMIT ${ROWS_ALIGNED}`);
      for (const one of CASES) {
        await makeRows(session, one, ROWS_ALIGNED);
        found.push(
          await compare(
            {
              figure: 'skew-causes',
              what: one.what,
              goal: 10,
              size: `${count(ROWS_ALIGNED)} rows, ${count(events)} events`,
            },
            attribution(session, one),
            plainly(session, one, ROWS_ALIGNED),
            runs,
          ),
        );
      }
      return found;
    });
  },
};

/** The feature at points whose `__t` and user are told by SQL over the spine; `__row` and `__v0`. */
async function compute(
  session: Session,
  { view, feature }: Skewed,
  points: number,
  at: Skewed['served'],
  into: string,
): Promise<void> {
  const db = session.host.database;
  const compiled = await prepareView(db, session.notebook.analysis.catalog, view, [feature]);
  const [key] = compiled.keys;
  const where = {
    sql: `SELECT "__row", ${at.t} AS "__t", ${keyExpression(key!, at.user)} AS "__k0" FROM ${SPINE}`,
    count: points,
  };
  const ready = await withSortedEvents(db, compiled, where, {});
  const values = valuesSql(ready, where, { keepKeys: false, ignoreTtl: false, keepExpired: false });
  await db.query(`CREATE OR REPLACE TABLE ${into} AS ${values}`);
}

async function makeRows(session: Session, skewed: Skewed, points: number): Promise<void> {
  const db = session.host.database;
  await compute(session, skewed, points, { t: '"__t"', user: 'user_id' }, LEFT);
  await compute(session, skewed, points, skewed.served, '_plumb.bench_causes_right');
  await db.query(`CREATE OR REPLACE TABLE ${ROWS} AS
    SELECT s."__row", s."__t", s.user_id, l."__v0" AS "left", r."__v0" AS "right",
      l."__v0" IS DISTINCT FROM r."__v0" AS differs
    FROM ${SPINE} s JOIN ${LEFT} l USING ("__row") JOIN _plumb.bench_causes_right r USING ("__row")`);
}

function attribution(session: Session, { view, feature, cause }: Skewed): Side {
  let last: Attribution | null = null;
  return {
    name: 'every hypothesis',
    async run() {
      const { database } = session.host;
      const job = {
        view,
        feature,
        kind: 'real' as const,
        tolerance: { absolute: 0, relative: 1e-9 },
        means: new Map(),
        rows: ROWS,
      };
      last = await attribute(database, session.notebook.analysis.catalog, job);
    },
    // A wrong answer is no figure: of mismatching rows the named cause explains all.
    digest() {
      if (last?.verdict !== cause) throw new Error(`the cause is ${cause}, named was ${last?.verdict}`);
      return Promise.resolve([last?.examined.mismatches ?? -1]);
    },
  };
}

function plainly(session: Session, skewed: Skewed, points: number): Side {
  return {
    name: 'computing the feature once',
    run: () => compute(session, skewed, points, { t: '"__t"', user: 'user_id' }, LEFT),
    async digest() {
      const [row] = await queryRows(
        session.host.database,
        `SELECT count(*) AS n FROM ${ROWS} AS r JOIN ${LEFT} AS l USING ("__row")
         WHERE l."__v0" IS DISTINCT FROM r."right"`,
      );
      return [Number(row!['n'])];
    },
  };
}
