import type { SqlValue } from '../sql/literal';
import type { Tolerance } from '../sql/compared-value';
import type { Random } from './serving/random';
import type { SkewCase } from './skew-case';
import { disagree } from './skew-oracle';

/** What can be wrong with a pair of data sets; several are done in this order, each to other rows. */
export const MUTATIONS = [
  'changed',
  'nulled',
  'filled',
  'noised',
  'narrowed',
  'left dropped',
  'right dropped',
  'left duplicated',
  'right duplicated',
  'rekeyed',
  'shifted',
  'other window',
] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** How two sides are compared; the harmless differences of the pairs go up to its limits. */
export interface PairTerms {
  tolerance: Tolerance;
  /** Microseconds. */
  within: number;
  /** DuckDB types of the features in both sides; a right side's is as wide, wider or narrower. */
  types: Record<Name, readonly [left: string, right: string]>;
}

/** Many small pairs of data sets that no row is shared between, so that one comparison settles them all. */
export interface MutatedPairs {
  given: SkewCase;
  /** Per pair, what a comparison must find, as `findingText` prints it, sorted. Empty = the pair is clean. */
  expected: string[][];
  /** Pairs by what was done to them. */
  counts: Map<Mutation, number>;
}

type Name = 'whole' | 'real' | 'word' | 'spend';
const NAMES: readonly Name[] = ['whole', 'real', 'word', 'spend'];
type Value = number | string | null;
type Row = { user_id: number | null; ts: number } & Record<Name, Value>;
interface Pair {
  left: Row[];
  right: Row[];
  found: string[];
}

const HOUR = 3_600_000_000;
const MINUTE = HOUR / 60;
/** A pair's rows lie in a stretch of time of its own, which tells the pairs apart even where a key is NULL. */
const STRETCH = 1_000 * HOUR;
const KEYS = 1_000;

/** `what`: a feature whose values differ, or the side that a row is in alone; with that row's key and time. */
export function findingText(what: string, user: number | null, time: number): string {
  return `${what} ${user} ${time}`;
}

/** The pair that a time belongs to. */
export function pairAt(time: number): number {
  return Math.floor((time + STRETCH / 2) / STRETCH);
}

export function randomTerms(random: Random): PairTerms {
  const tolerance = random.pick([
    { absolute: 0, relative: 1e-9 },
    { absolute: 0, relative: 0 },
    { absolute: 0.5, relative: 0 },
    { absolute: 0.25, relative: 1e-6 },
  ]);
  const whole = random.pick([
    ['BIGINT', 'BIGINT'],
    ['INTEGER', 'BIGINT'],
    ['BIGINT', 'INTEGER'],
    ['INTEGER', 'DOUBLE'],
    ['SMALLINT', 'HUGEINT'],
  ] as const);
  const real = random.pick([
    ['DOUBLE', 'DOUBLE'],
    ['FLOAT', 'DOUBLE'],
    ['DOUBLE', 'FLOAT'],
    ['FLOAT', 'FLOAT'],
  ] as const);
  const types = { whole, real, word: ['VARCHAR', 'VARCHAR'], spend: ['BIGINT', 'DOUBLE'] } as const;
  return { tolerance, within: random.pick([0, MINUTE]), types };
}

/** So many clean pairs and mutated ones. */
export function mutatedPairs(
  random: Random,
  terms: PairTerms,
  { clean, mutated }: { clean: number; mutated: number },
): MutatedPairs {
  const counts = new Map<Mutation, number>();
  const pairs = Array.from({ length: clean + mutated }, (_, index) => {
    const pair = cleanPair(random, terms, index);
    if (index < clean) return pair;
    const untouched = pair.left.map((_, at) => at);
    const wanted = new Set(Array.from({ length: 1 + random.int(3) }, () => random.pick(MUTATIONS)));
    for (const mutation of MUTATIONS.filter((one) => wanted.has(one))) {
      mutate(random, terms, pair, mutation, untouched);
      counts.set(mutation, (counts.get(mutation) ?? 0) + 1);
    }
    if (pair.found.length === 0) mutate(random, terms, pair, 'changed', untouched);
    return pair;
  });
  const features = NAMES.map((name) => {
    const [left, right] = terms.types[name];
    const type = name === 'word' ? 'string' : name === 'real' ? 'float64' : 'int64';
    return { name, type, left, right } as const;
  });
  const rows = (side: 'left' | 'right'): Record<string, SqlValue>[] =>
    shuffled(
      random,
      pairs.flatMap((pair) => pair[side]).filter((row) => !Number.isNaN(row.ts)),
    );
  return {
    given: { features, left: rows('left'), right: rows('right') },
    expected: pairs.map(({ found }) => found.sort()),
    counts,
  };
}

/** Rows of a few keys at whole hours, each twice: alike but for the type, noise within the tolerance and `within`. */
function cleanPair(random: Random, terms: PairTerms, index: number): Pair {
  const left = Array.from({ length: 24 }, (_, slot): Row => {
    const user = random.int(4);
    return {
      user_id: user === 0 ? null : index * KEYS + user,
      ts: index * STRETCH + slot * HOUR,
      whole: random.chance(0.1) ? null : randomWhole(random, terms),
      real: random.chance(0.1) ? null : held(randomReal(random), terms.types.real),
      word: random.pick([null, '', 'a', 'b', 'Ä', 'NULL', "o'clock"]),
      spend: 0,
    };
  });
  for (const row of left) row.spend = spendOf(left, row, 6 * HOUR);
  const right = left.map((row): Row => {
    const jitter = random.pick([0, terms.within, -terms.within, Math.round(terms.within * random.next())]);
    return { ...row, ts: row.ts + jitter, real: harmless(random, terms, row.real) };
  });
  return { left, right, found: [] };
}

/** A count over a trailing window of the pair's own rows. */
function spendOf(rows: readonly Row[], { user_id, ts }: Row, window: number): number {
  return rows.filter((row) => row.user_id === user_id && row.ts > ts - window && row.ts <= ts).length;
}

function mutate(random: Random, terms: PairTerms, pair: Pair, mutation: Mutation, untouched: number[]): void {
  const { left, right, found } = pair;
  const alone = (side: 'left' | 'right', { user_id, ts }: Row): unknown =>
    found.push(findingText(side, user_id, ts));
  const gone = (side: Row[], at: number): void => {
    side[at] = { ...side[at]!, ts: NaN };
  };
  if (mutation === 'other window') {
    const window = random.pick([HOUR, 2 * HOUR, 12 * HOUR]);
    for (const at of untouched) {
      const own = left[at]!;
      right[at]!.spend = spendOf(left, own, window);
      if (right[at]!.spend !== own.spend) found.push(findingText('spend', own.user_id, own.ts));
    }
    return;
  }
  const rows = Array.from({ length: 1 + random.int(3) }, () => {
    const [at] = untouched.splice(random.int(untouched.length), 1);
    return at!;
  });
  for (const at of rows) {
    const [l, r] = [left[at]!, right[at]!];
    switch (mutation) {
      case 'left dropped':
        gone(left, at);
        alone('right', r);
        break;
      case 'right dropped':
        gone(right, at);
        alone('left', l);
        break;
      case 'left duplicated':
        left.push({ ...l });
        alone('left', l);
        break;
      case 'right duplicated':
        right.push({ ...r });
        alone('right', r);
        break;
      case 'rekeyed':
        r.user_id = Math.floor(l.ts / STRETCH) * KEYS + KEYS / 2 + at;
        alone('left', l);
        alone('right', r);
        break;
      case 'shifted':
        r.ts = l.ts + random.pick([1, -1]) * (terms.within + random.pick([1, MINUTE, 10 * MINUTE]));
        alone('left', l);
        alone('right', r);
        break;
      default:
        changeValue(random, terms, l, r, mutation);
        for (const name of NAMES)
          if (differ(l[name], r[name], terms)) found.push(findingText(name, l.user_id, l.ts));
    }
  }
}

/** Changes one value of the row; the sides differ in it afterwards. */
function changeValue(random: Random, terms: PairTerms, left: Row, right: Row, mutation: Mutation): void {
  const name = random.pick(NAMES);
  const number = left.real as number | null;
  if (mutation === 'nulled' && left[name] !== null) right[name] = null;
  else if (mutation === 'filled' && right[name] !== null) left[name] = null;
  else if (mutation === 'noised' && number !== null) right.real = noisy(terms, number);
  else if (mutation === 'narrowed' && number !== null)
    right.real = held(Math.fround(number), terms.types.real);
  if (NAMES.some((one) => differ(left[one], right[one], terms))) return;
  const others: Value[] =
    name === 'word'
      ? ['A', 'a ', 'A\u0308', 'null', null]
      : name === 'real'
        ? [NaN, Infinity, 1 - (number ?? 0), 1.5 * (number ?? 1) + 1, null].map((v) =>
            held(v, terms.types.real),
          )
        : [1 + Number(left[name]), -1 - Number(left[name]), null];
  right[name] = random.pick(others.filter((other) => differ(left[name], other, terms)));
}

function differ(left: Value, right: Value, { tolerance }: PairTerms): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left !== right;
  return disagree(left, right, tolerance);
}

function randomWhole(random: Random, { types, tolerance }: PairTerms): number {
  const isExact = types.whole[1] === 'BIGINT' && types.whole[0] === 'BIGINT' && tolerance.relative === 0;
  if (isExact && random.chance(0.3)) return random.pick([1, -1]) * (2 ** 52 - random.int(1000));
  return random.int(60_001) - 30_000;
}

function randomReal(random: Random): number {
  if (random.chance(0.2)) return random.pick([0, -0, NaN, Infinity, -Infinity, 1, 0.1]);
  return (random.next() - 0.5) * random.pick([1e-3, 1, 1e6]);
}

/** A value that a column of either type holds unchanged. */
function held<T extends number | null>(value: T, types: readonly string[]): T {
  return value === null || !types.includes('FLOAT') ? value : (Math.fround(value) as T);
}

/** The right side's value, at the most as far from the left one as the tolerance lets it be. */
function harmless(random: Random, terms: PairTerms, value: Value): Value {
  if (typeof value !== 'number' || !Number.isFinite(value) || terms.types.real[1] === 'FLOAT') return value;
  const { absolute, relative } = terms.tolerance;
  return value + 0.98 * (2 * random.next() - 1) * Math.max(absolute, relative * Math.abs(value));
}

/** A little beyond the tolerance, or the next number where there is none. */
function noisy({ tolerance, types }: PairTerms, value: number): number {
  const { absolute, relative } = tolerance;
  const beyond = 1.02 * Math.max(absolute, relative * Math.abs(value));
  return held(beyond > 0 ? value + beyond : value * (1 + Number.EPSILON), types.real);
}

function shuffled<T>(random: Random, items: T[]): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = random.int(at + 1);
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}
