import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AggregationName } from '../catalog/model';
import { DAY, halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { buildTrainingSet } from '../training/training-set';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { compileView, type CompiledView, type ViewFacts } from './compiled-view';
import { withSortedEvents } from './sorted-events';

const FUNCTIONS: [AggregationName, 'int64' | 'float64'][] = [
  ['count', 'int64'],
  ['sum', 'float64'],
  ['avg', 'float64'],
  ['max', 'float64'],
  ['first', 'float64'],
  ['last', 'float64'],
  ['stddev', 'float64'],
  ['mode', 'float64'],
];
const features = [
  ...[2n, 9n].flatMap((days) =>
    FUNCTIONS.map(([fn, type]) =>
      aFeature(`${fn}_${days}`, type, {
        kind: 'aggregation',
        window: halfOpen(days * DAY),
        aggregation: { fn, of: fn === 'count' ? '*' : 'amount', where: null },
      }),
    ),
  ),
  aFeature('texts', 'string', {
    kind: 'expression',
    window: halfOpen(DAY),
    expression: "string_agg(amount::VARCHAR, ',')",
  }),
];
const view = aView('activity', 'aggregate', 'events', features);
const set = aSet('FROM spine_in', [view]);
const catalog = catalogOf({ views: [view], sources: ['events'], sets: [set] });

/** Events in no order, users and times with ties and NULLs; `shift` makes other values. */
const eventsSql = (shift: number): string => `CREATE OR REPLACE TABLE _plumb.source_events AS
  SELECT CASE WHEN i % 97 = 0 THEN NULL ELSE hash(i) % 20 END AS user_id,
    TIMESTAMP '1969-12-20' + to_hours((hash(i + 7) % 700)::BIGINT) AS ts,
    CASE WHEN i % 31 = 0 THEN NULL ELSE (i * 37) % 100 / 8 + ${shift} END AS amount, i AS __order FROM range(3000) r(i)`;

describe('a sorted copy of the events', () => {
  let db: Database;
  beforeEach(async () => {
    db ??= await openTestDatabase();
    await db.query(`DROP TABLE IF EXISTS _plumb.sorted_events; ${eventsSql(0)};
      CREATE OR REPLACE TABLE spine_in AS SELECT CASE WHEN i % 50 = 0 THEN NULL ELSE i % 22 END AS user_id,
      TIMESTAMP '1969-12-22' + to_hours(i) AS ts FROM range(600) r(i)`);
  });
  afterAll(() => db.close());

  const compiled = compileView(catalog, 'activity');
  const withFacts = (facts: ViewFacts | null): CompiledView => ({ ...compiled, facts });
  const large: ViewFacts = { rows: 1_000_000, entities: 20, density: 60, span: 29n * DAY, grid: null };
  const points = (count: number) => ({ sql: '', count });

  /** What a build gives, and the statements that it runs. */
  async function build(sorted: boolean): Promise<{ rows: unknown; ran: string[] }> {
    const ran: string[] = [];
    const watched = new Proxy(db, {
      get(target, name) {
        if (name === 'query')
          return (...args: Parameters<Database['query']>) => (ran.push(args[0]), target.query(...args));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await buildTrainingSet(watched, catalog, set, { sample: null, plans: { sorted } });
    return { rows: await queryRows(db, 'SELECT * FROM _plumb.training_train ORDER BY "__row"'), ran };
  }

  const sorts = (ran: readonly string[]) =>
    ran.filter((sql) => sql.includes('TABLE "_plumb"."sorted_events" AS'));
  const reads = (ran: readonly string[]) =>
    ran.filter((sql) => sql.includes('FROM "_plumb"."sorted_events"'));

  it('gives the same rows to the last bit, and is read', async () => {
    const plain = await build(false);
    expect([sorts(plain.ran), reads(plain.ran)]).toEqual([[], []]);
    const fast = await build(true);
    expect(sorts(fast.ran)).toHaveLength(1);
    expect(reads(fast.ran)).toHaveLength(2);
    expect(fast.rows).toEqual(plain.rows);
    const inOrder = 'SELECT user_id, ts FROM _plumb.sorted_events';
    const order = (sql: string) => queryRows(db, sql);
    expect(await order(inOrder)).toEqual(await order(`${inOrder} ORDER BY user_id, ts`));
  });

  it('is kept until the source is another', async () => {
    const first = await build(true);
    const second = await build(true);
    expect(sorts(second.ran)).toEqual([]);
    expect(second.rows).toEqual(first.rows);
    await db.query(eventsSql(1));
    const third = await build(true);
    expect(sorts(third.ran)).toHaveLength(1);
    expect(third.rows).toEqual((await build(false)).rows);
    expect(third.rows).not.toEqual(first.rows);
  });

  it('is made where many points meet many rows, and not for few', async () => {
    const sorted = async (facts: ViewFacts | null, count: number) =>
      (await withSortedEvents(db, withFacts(facts), points(count), {})).sorted;
    expect(await sorted(large, 1_000_000)).toBe('"_plumb"."sorted_events"');
    expect(await sorted(large, 10_000)).toBeNull();
    expect(await sorted({ ...large, rows: 100_000 }, 1_000_000)).toBeNull();
    expect(await sorted(null, 1_000_000)).toBeNull();
  });

  it('is not made of a source that takes too much memory, and makes room for another', async () => {
    const huge = { ...large, rows: 100_000_000 };
    expect((await withSortedEvents(db, withFacts(huge), points(1e9), {})).sorted).toBeNull();
    // Some 12 million rows of 32 bytes: two of these are more than the copies may take.
    const half = withFacts({ ...large, rows: 12_000_000 });
    await withSortedEvents(db, half, points(1e9), {});
    await db.query('CREATE OR REPLACE TABLE _plumb.source_others AS FROM _plumb.source_events');
    const other = { ...half, source: '"_plumb"."source_others"', view: { ...view, source: 'others' } };
    expect((await withSortedEvents(db, other, points(1e9), {})).sorted).toBe('"_plumb"."sorted_others"');
    const left = await queryRows(
      db,
      "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'sorted_%'",
    );
    expect(left).toEqual([{ table_name: 'sorted_others' }]);
    await db.query('DROP TABLE _plumb.sorted_others');
  });
});
