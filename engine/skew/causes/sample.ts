import type { JoinKey } from '../../catalog/model';
import { ORDER_COLUMN } from '../../database/database';
import { type CompiledView, keyColumns, keyExpression, sameKeys } from '../../sql/compiled-view';
import { quote } from '../../sql/quote';
import { block, printSelect } from '../../sql/select';

/** How many rows to look at: mismatching ones, and agreeing ones beside them. */
export interface SampleSize {
  mismatching: number;
  agreeing: number;
}

/**
 * Rows spread over the job's, always the same ones: `n` from 0, `__row`, `__t`, the keys `__k0` ..., `left`, `right`,
 * `differs`; then values to tell chance from cause: `other` (the right value of another mismatching row), `twin` (that of
 * another row with the same left value) and `has_twin`.
 */
export function sampleSql(
  rows: string,
  keys: readonly JoinKey[],
  of: SampleSize,
  wanted: SampleSize,
): string {
  const another = (partition: string): string =>
    `coalesce(lead(struct_pack(v := "right")) OVER (PARTITION BY ${partition} ORDER BY ${SPREAD}, "__row"), ` +
    `first(struct_pack(v := "right")) OVER (PARTITION BY ${partition} ORDER BY ${SPREAD}, "__row")).v`;
  return printSelect({
    columns: [
      `row_number() OVER (ORDER BY ${SPREAD}, "__row") - 1 AS n`,
      's.*',
      `${another('differs')} AS "other"`,
      `${another('"left"')} AS "twin"`,
      'count(*) OVER (PARTITION BY "left") > 1 AS has_twin',
    ],
    from: [`${block(takenSql(rows, keys, of, wanted))} AS s`],
  });
}

/** The same rows in whatever order, without what tells chance from cause: that takes sorting all of them. */
export function countedSql(
  rows: string,
  keys: readonly JoinKey[],
  of: SampleSize,
  wanted: SampleSize,
): string {
  const taken = takenSql(rows, keys, of, wanted);
  return printSelect({ columns: ['row_number() OVER () - 1 AS n', 's.*'], from: [`${block(taken)} AS s`] });
}

const SPREAD = 'hash("__row")';

function takenSql(rows: string, keys: readonly JoinKey[], of: SampleSize, wanted: SampleSize): string {
  return printSelect({
    columns: [
      '"__row"',
      '"__t"',
      ...keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`),
      '"left"',
      '"right"',
      'differs',
    ],
    from: [`${rowsOf(rows)} AS r`],
    where: [
      `CASE WHEN differs THEN ${oneOf(SPREAD, of.mismatching, wanted.mismatching)} ` +
        `ELSE ${oneOf(SPREAD, of.agreeing, wanted.agreeing)} END`,
    ],
  });
}

/** The job's rows as something to select from. */
export function rowsOf(rows: string): string {
  return /^\s*(SELECT|WITH|FROM|VALUES)\b/i.test(rows) ? block(rows) : rows;
}

/** About `wanted` of `of` rows by their hash. */
function oneOf(hash: string, of: number, wanted: number): string {
  if (of <= wanted) return 'true';
  return wanted === 0 ? 'false' : `${hash} % ${of} < ${wanted}`;
}

/** The rows of a view's source that belong to the sample's entities, `columns` of them and their place. */
export function nearSql(compiled: CompiledView, sample: string, columns: readonly string[]): string {
  const { keys } = compiled;
  const rows = printSelect({
    columns: [
      ...[...columns, ORDER_COLUMN].map(quote),
      ...keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`),
    ],
    from: [compiled.source],
  });
  const entities = printSelect({ columns: keyColumns(keys), from: [sample], distinct: true });
  return printSelect({
    columns: [`e.* EXCLUDE (${keyColumns(keys).join(', ')})`],
    from: [`${block(rows)} AS e`, `SEMI JOIN ${block(entities)} AS p ON ${sameKeys(keys, 'e', 'p')}`],
  });
}

/** A source's rows, of those that are equal in all of `columns` but the availability only the one known first. */
export function droppedSql(compiled: CompiledView, columns: readonly string[]): string {
  const { source, availability } = compiled;
  const same = columns.filter((name) => name !== availability).map(quote);
  return printSelect({
    columns: [
      ...same,
      `min(${quote(ORDER_COLUMN)}) AS ${quote(ORDER_COLUMN)}`,
      ...(availability === null ? [] : [`min(${quote(availability)}) AS ${quote(availability)}`]),
    ],
    from: [source],
    groupBy: same,
  });
}
