import type { FeatureKind, Tolerance } from '../../sql/compared-value';
import { mismatch } from '../../sql/compared-value';
import { duckType } from '../../sql/duck-type';
import { literal } from '../../sql/literal';
import { quote } from '../../sql/quote';
import { block, printSelect } from '../../sql/select';
import type { FeatureType } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import type { Finish } from './reading';

/** A hypothesis by the number of its reading, and what becomes of the value. */
export interface Guess {
  reading: number;
  finish: Finish;
}

/** What guesses are held against. */
export interface Court {
  kind: FeatureKind;
  type: FeatureType;
  tolerance: Tolerance;
  /** What stands where nothing is known under `default: constant`, as text. */
  constant: string | null;
  /** Tables: see `sampleSql` and `Trial.tried`. */
  sample: string;
  tried: string;
}

/** Bits of a guess's hexadecimal digit. */
export const IS_RIGHT = 1;
export const IS_LEFT = 2;
export const IS_OTHER = 4;
export const IS_TWIN = 8;

/** Whether a guess gives the right value in the row with these codes. */
export function isRight(codes: string, guess: number): boolean {
  return (parseInt(codes[guess]!, 16) & IS_RIGHT) !== 0;
}

const DEFAULTS: Finish['default'][] = ['own', 'null', 'constant'];
const CASTS: Finish['cast'][] = ['none', 'float32', 'truncated', 'rounded'];

/** Per row of the sample `n` and `codes`, a digit per guess: which of the row's values the guessed one is equal to. */
export function codesSql(court: Court, guesses: readonly Guess[]): string {
  const bits = [
    ...ownBits(court),
    `${IS_OTHER} * CAST(${equal(court, 'other')} AS INTEGER)`,
    `${IS_TWIN} * CAST(${equal(court, 'twin')} AS INTEGER)`,
  ];
  const judged = printSelect({
    columns: ['n', 'guess', `substr('0123456789abcdef', 1 + ${bits.join(' + ')}, 1) AS digit`],
    from: [`${block(guessedSql(court, guesses, ['other', 'twin']))} AS p`],
  });
  return printSelect({
    columns: ['n', `string_agg(digit, '' ORDER BY guess) AS codes`],
    from: [`${block(judged)} AS j`],
    groupBy: ['n'],
  });
}

/** Guesses whose two bits fit a BIGINT, and its sign beside them. */
const PACKED = 31;

/**
 * Rows that are alike: `differs`, `packed` (BIGINT, two bits a guess from the lowest on: IS_RIGHT and IS_LEFT) and `count`. Numbers,
 * because text by row took most of the time that counting millions of rows takes.
 */
export function countsSql(court: Court, guesses: readonly Guess[]): string {
  if (guesses.length > PACKED) throw new PlumblineError('internal', `${guesses.length} guesses to count.`);
  const judged = printSelect({
    columns: ['n', 'differs', `CAST(${ownBits(court).join(' + ')} AS BIGINT) << (2 * guess) AS bits`],
    from: [`${block(guessedSql(court, guesses, ['differs']))} AS p`],
  });
  const packed = printSelect({
    columns: ['any_value(differs) AS differs', 'bit_or(bits) AS packed'],
    from: [`${block(judged)} AS j`],
    groupBy: ['n'],
  });
  return printSelect({
    columns: ['differs', 'packed', 'count(*) AS "count"'],
    from: [`${block(packed)} AS c`],
    groupBy: ['differs', 'packed'],
    orderBy: ['differs', 'packed'],
  });
}

/** The digits of `count` guesses that `countsSql` packed. */
export function unpacked(packed: bigint, count: number): string {
  return Array.from({ length: count }, (_, at) => Number((packed >> BigInt(2 * at)) & 3n)).join('');
}

function ownBits(court: Court): string[] {
  return [
    `CAST(${equal(court, 'right')} AS INTEGER)`,
    `${IS_LEFT} * CAST(${equal(court, 'left')} AS INTEGER)`,
  ];
}

function equal({ kind, tolerance }: Court, to: string): string {
  return `(NOT ${mismatch({ kind, left: 'value', right: to }, tolerance)})`;
}

/** Per row and guess `n`, `guess`, `value` and what it is held against, as what they are compared as; then `more` of the sample. */
export function guessedSql(court: Court, guesses: readonly Guess[], more: readonly string[] = []): string {
  const list = guesses.map(
    ({ reading, finish }, at) =>
      `(${at}, ${reading}, ${DEFAULTS.indexOf(finish.default)}, ${CASTS.indexOf(finish.cast)})`,
  );
  return printSelect({
    columns: [
      't.n',
      'g.guess',
      `${finishedSql(court, guesses)} AS "value"`,
      's."left"',
      's."right"',
      ...more.map((name) => `s.${quote(name)}`),
    ],
    from: [
      `${court.tried} AS t`,
      `JOIN (VALUES ${list.join(', ')}) AS g(guess, reading, stand, form) ON g.reading = t.reading`,
      `JOIN ${court.sample} AS s ON s.n = t.n`,
    ],
  });
}

function finishedSql({ kind, type, constant }: Court, guesses: readonly Guess[]): string {
  const stand = constant === null ? null : `CAST(${literal(constant)} AS ${constantType(kind, type)})`;
  const plain = `CASE g.stand WHEN 1 THEN ${comparable(kind, 't.raw')}${
    stand === null ? '' : ` WHEN 2 THEN coalesce(${comparable(kind, 't.raw')}, ${stand})`
  } ELSE ${comparable(kind, 't."value"')} END`;
  if (kind !== 'real' || guesses.every(({ finish }) => finish.cast === 'none')) return plain;
  return (
    `CASE g.form WHEN 1 THEN CAST(TRY_CAST(${plain} AS FLOAT) AS DOUBLE) ` +
    `WHEN 2 THEN trunc(${plain}) WHEN 3 THEN round(${plain}) ELSE ${plain} END`
  );
}

/** Numbers as one type each, so that guesses share a column. */
function comparable(kind: FeatureKind, value: string): string {
  if (kind === 'integer') return `CAST(${value} AS HUGEINT)`;
  return kind === 'real' ? `CAST(${value} AS DOUBLE)` : value;
}

function constantType(kind: FeatureKind, type: FeatureType): string {
  if (kind === 'integer') return 'HUGEINT';
  return kind === 'real' ? 'DOUBLE' : duckType(type);
}
