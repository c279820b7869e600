import fc from 'fast-check';
import type { OracleAggregation, OracleEvent, OracleFeature, OracleSpineRow, OracleView } from './oracle';

/** A random data set with a view of each kind over it. */
export interface OracleCase {
  keys: number;
  events: OracleEvent[];
  spine: OracleSpineRow[];
  table: OracleView;
  features: OracleFeature[];
}

/** Microseconds: an instant around which everything happens, and the unit in which it does. */
const BASE = 1_735_689_600_000_000n;
const HOUR = 3_600_000_000n;
const WINDOWS = [HOUR, 2n * HOUR, 24n * HOUR, 7n * 24n * HOUR];

/** Instants that meet each other: whole hours, one microsecond beside them, exactly a window apart. */
const instant = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom(0n, 0n, 0n, 1n, -1n))
  .map(([hours, jitter]) => BASE + BigInt(hours) * HOUR + jitter);

/** Few entities, so that they meet; the first is hot. */
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constant<bigint | null>(1n) },
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 4n }) },
  { weight: 1, arbitrary: fc.constant<bigint | null>(null) },
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 6 });
const number = fc.oneof(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n }));

const where = fc.constantFrom('all', 'tag_a', 'x_positive') satisfies fc.Arbitrary<
  OracleAggregation['where']
>;
const aggregation: fc.Arbitrary<OracleAggregation> = fc.record({
  fn: fc.constantFrom('count', 'count_x', 'count_distinct', 'sum', 'avg', 'min', 'max', 'last'),
  where,
});
const window = fc.constantFrom(...WINDOWS);
const feature: fc.Arbitrary<OracleFeature> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('aggregation' as const),
      window,
      aggregation,
      zero: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ratio' as const),
      window,
      of: aggregation,
      over: aggregation,
      zero: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mean_expression' as const), window }) },
);

/** Data sets in one case: their entities differ, so that one build settles them all. */
export const DATA_SETS = 8;

interface DataSet {
  events: Omit<OracleEvent, 'order'>[];
  spine: OracleSpineRow[];
  /** Rows given twice. */
  repeated: number;
}

function dataSet(keys: number): fc.Arbitrary<DataSet> {
  const entity = fc.array(key, { minLength: keys, maxLength: keys });
  const event = fc.record({
    keys: entity,
    at: orNull(instant),
    made: orNull(instant),
    x: orNull(number),
    tag: orNull(fc.constantFrom('a', 'b')),
  });
  return fc.record({
    events: fc.array(event, { maxLength: 25 }),
    spine: fc.array(fc.record({ keys: entity, t: orNull(instant) }), { maxLength: 12 }),
    repeated: fc.nat({ max: 3 }),
  });
}

/** Moves a data set's entities away from the others'. */
function apart<T extends { keys: (bigint | null)[] }>(rows: readonly T[], place: number): T[] {
  return rows.map((row) => {
    const [first = null, ...others] = row.keys;
    return { ...row, keys: [first === null ? null : first + BigInt(place) * 10n, ...others] };
  });
}

/** Cases biased to edges: equal instants, exact window edges, NULLs, duplicates, empty tables, one hot entity. */
export const oracleCase: fc.Arbitrary<OracleCase> = fc.constantFrom(1, 1, 2).chain((keys) =>
  fc
    .record({
      sets: fc.array(dataSet(keys), { minLength: DATA_SETS, maxLength: DATA_SETS }),
      table: fc.record({
        ttl: fc.constantFrom(null, HOUR, 2n * HOUR, 24n * HOUR),
        useMade: fc.boolean(),
      }),
      features: fc.array(feature, { minLength: 1, maxLength: 6 }),
    })
    .map(({ sets, table, features }) => {
      const rows = <T extends { keys: (bigint | null)[] }>(pick: (set: DataSet) => T[]): T[] =>
        sets.flatMap((set, place) => {
          const all = pick(set);
          return apart([...all, ...all.slice(0, set.repeated)], place);
        });
      const events = rows((set) => set.events).map((one, order) => ({ ...one, order }));
      return { keys, events, spine: rows((set) => set.spine), table, features };
    }),
);
