import type { FeatureKind, Tolerance } from '../../sql/compared-value';
import { mismatch } from '../../sql/compared-value';
import { duckType } from '../../sql/duck-type';
import { literal } from '../../sql/literal';
import { block, printSelect } from '../../sql/select';
import type { FeatureType } from '../../catalog/model';
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

const DEFAULTS: Finish['default'][] = ['own', 'null', 'constant'];
const CASTS: Finish['cast'][] = ['none', 'float32', 'truncated', 'rounded'];

/** Per row of the sample `n` and `codes`, a digit per guess: which of the row's values the guessed one is equal to. */
export function codesSql(court: Court, guesses: readonly Guess[], wide: boolean): string {
  const equal = (to: string): string =>
    `(NOT ${mismatch({ kind: court.kind, left: 'value', right: to }, court.tolerance)})`;
  const bits = [
    `CAST(${equal('right')} AS INTEGER)`,
    `${IS_LEFT} * CAST(${equal('left')} AS INTEGER)`,
    ...(wide
      ? [`${IS_OTHER} * CAST(${equal('other')} AS INTEGER)`, `${IS_TWIN} * CAST(${equal('twin')} AS INTEGER)`]
      : []),
  ];
  const judged = printSelect({
    columns: ['n', 'guess', `substr('0123456789abcdef', 1 + ${bits.join(' + ')}, 1) AS digit`],
    from: [`${block(guessedSql(court, guesses, wide))} AS p`],
  });
  return printSelect({
    columns: ['n', `string_agg(digit, '' ORDER BY guess) AS codes`],
    from: [`${block(judged)} AS j`],
    groupBy: ['n'],
  });
}

/** Per row and guess `n`, `guess`, `value` and what it is held against, as what they are compared as. */
export function guessedSql(court: Court, guesses: readonly Guess[], wide = false): string {
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
      ...(wide ? ['s."other"', 's."twin"'] : []),
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
