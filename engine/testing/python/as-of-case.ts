import fc from 'fast-check';
import { literal, timestampLiteral, type SqlValue } from '../../sql/literal';
import type { Question } from './question';

/** A feature table, a spine and how they are joined: what every as-of join that we compare with can express. */
export interface AsOfCase {
  /** The second key is a text. Both have a fixed width, so that no two pairs read the same when written together. */
  keys: ('a' | 'b')[];
  /** Microseconds; null = unlimited. */
  ttl: bigint | null;
  /** Whether equal event times are decided by `made`; otherwise there are none. */
  created: boolean;
  rows: AsOfRow[];
  spine: { a: bigint | null; b: string | null; t: bigint | null }[];
}

/** `happened` and `made` are microseconds since 1970 UTC. */
export interface AsOfRow {
  a: bigint | null;
  b: string | null;
  happened: bigint | null;
  made: bigint | null;
  whole: bigint | null;
  float: number | null;
  text: string | null;
  flag: boolean | null;
  moment: bigint | null;
}

const BASE = 1_735_689_600_000_000n;
const HOUR = 3_600_000_000n;

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 9 });

/** Whole hours and one microsecond beside them, so that rows meet each other and the edges of a ttl. */
const instant = fc
  .tuple(fc.nat({ max: 60 }), fc.constantFrom(0n, 0n, 0n, 1n, -1n))
  .map(([hours, beside]) => BASE + BigInt(hours) * HOUR + beside);

const entity = {
  a: orNull(fc.oneof(fc.constant(10n), fc.bigInt({ min: 10n, max: 17n }))),
  b: orNull(fc.constantFrom('i1', 'i2', 'i3')),
};

const row: fc.Arbitrary<AsOfRow> = fc.record({
  ...entity,
  happened: orNull(instant),
  made: orNull(instant),
  whole: orNull(
    fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  ),
  float: orNull(fc.oneof(fc.constantFrom(NaN, -0, 0, Infinity, 0.1), fc.double())),
  text: orNull(
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom('', 'été', '東京', "o'x")),
  ),
  flag: orNull(fc.boolean()),
  moment: orNull(instant),
});

/** Cases without a tie that the tools have no rule for: no two rows share keys, event time and (if used) `made`. */
export const asOfCase: fc.Arbitrary<AsOfCase> = fc
  .record({
    keys: fc.constantFrom<AsOfCase['keys']>(['a'], ['a'], ['a', 'b']),
    ttl: fc.constantFrom(null, HOUR, 2n * HOUR, 24n * HOUR),
    created: fc.boolean(),
    rows: fc.array(row, { maxLength: 250, size: 'max' }),
    spine: fc.array(fc.record({ ...entity, t: orNull(instant) }), { maxLength: 200, size: 'max' }),
  })
  .map((one) => ({ ...one, rows: withoutTies(one) }));

function withoutTies({ keys, created, rows }: AsOfCase): AsOfRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const place = [...keys.map((key) => row[key]), row.happened, ...(created ? [row.made] : [])].join(' ');
    return !seen.has(place) && seen.add(place);
  });
}

/** The features of every case, with their types. */
export const FEATURES = {
  whole: 'int64',
  float: 'float64',
  text: 'string',
  flag: 'bool',
  moment: 'timestamp',
} as const;

const KEYS = { a: 'int64', b: 'string' } as const;

const ROW_TYPES = {
  ...{ a: 'BIGINT', b: 'VARCHAR', happened: 'TIMESTAMPTZ', made: 'TIMESTAMPTZ' },
  ...{ whole: 'BIGINT', float: 'DOUBLE', text: 'VARCHAR', flag: 'BOOLEAN', moment: 'TIMESTAMPTZ' },
};
const SPINE_TYPES = { a: 'BIGINT', b: 'VARCHAR', t: 'TIMESTAMPTZ' };

/** The case as a question to everyone. */
export function questionOf({ keys, ttl, created, rows, spine }: AsOfCase, name: string): Question {
  return {
    name,
    spine: `SELECT *, (row_number() OVER () - 1)::BIGINT AS n FROM (${relationOf(SPINE_TYPES, spine)})`,
    views: [
      {
        name: 'v',
        keys: Object.fromEntries(keys.map((key) => [key, KEYS[key]])),
        features: FEATURES,
        rows: relationOf(ROW_TYPES, rows),
        ttl,
        created,
      },
    ],
  };
}

/** Rows as SQL, in their order, whatever their number. */
function relationOf<T extends string>(
  types: Record<T, string>,
  rows: readonly Record<T, SqlValue>[],
): string {
  const names = Object.keys(types) as T[];
  const casts = names.map((name) => `CAST(${name} AS ${types[name]}) AS ${name}`).join(', ');
  const tuples = rows.map((row) => `(${names.map((name) => valueOf(types[name], row[name])).join(', ')})`);
  const some = tuples.length > 0 ? tuples.join(', ') : `(${names.map(() => 'NULL').join(', ')})`;
  return `SELECT ${casts} FROM (VALUES ${some}) r(${names.join(', ')})${tuples.length > 0 ? '' : ' WHERE false'}`;
}

function valueOf(type: string, value: SqlValue): string {
  return type === 'TIMESTAMPTZ' && typeof value === 'bigint' ? timestampLiteral(value) : literal(value);
}
