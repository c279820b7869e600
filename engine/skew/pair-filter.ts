import { literal } from '../sql/literal';
import { column, relation } from '../sql/quote';
import { comparedValue, mismatch } from '../sql/compared-value';
import { LEFT, PAIR, RIGHT, TIME } from './alignment';
import { featureOf } from './compared-feature';
import type { BuiltSkew } from './skew';

export type SideKey = 'left' | 'right';

/** Numbers from `from` to `to`, both included. */
export interface Range {
  from: number;
  to: number;
}

/** What tells rows apart: a column of a side, or stretches of the rows' time (microseconds). */
export type SegmentBy = { kind: 'column'; side: SideKey; column: string } | { kind: 'time'; every: bigint };

/** One condition on compared rows. */
export type PairCondition =
  /** Values of a numeric feature; `any`: of either side. A side without a range may hold anything. */
  | { kind: 'values'; feature: string; left: Range | null; right: Range | null; match: 'all' | 'any' }
  /** A feature's printed value on either side; null = NULL. */
  | { kind: 'category'; feature: string; value: string | null }
  /** Whether the feature's values differ. */
  | { kind: 'differs'; feature: string; differs: boolean }
  /** Microseconds UTC, `to` excluded. */
  | { kind: 'time'; from: bigint; to: bigint }
  /** What is printed in a column of a side; null = NULL. */
  | { kind: 'segment'; by: Extract<SegmentBy, { kind: 'column' }>; value: string | null }
  /** Rows by their number in the table of pairs: the evidence of a cause. */
  | { kind: 'pairs'; pairs: readonly bigint[] };

/** All of them hold; empty = every row. */
export type PairFilter = readonly PairCondition[];

type Filtered = Pick<BuiltSkew, 'name' | 'alignment' | 'features' | 'tolerance' | 'pairs' | 'keys'>;

/** A row of one side alone has no number of the other. To compare the side's name would take twice as long. */
export function bothSides(): string {
  return `${column('p', LEFT)} IS NOT NULL AND ${column('p', RIGHT)} IS NOT NULL`;
}

/** `FROM … WHERE …`: the compared rows that meet the filter, as `p`. Errors: `catalog.unknown_feature`. */
export function comparedRows(
  skew: Filtered,
  filter: PairFilter = [],
  more: { joins?: readonly string[]; where?: readonly string[] } = {},
): string {
  const conditions = [bothSides(), ...filter.map((one) => conditionSql(skew, one)), ...(more.where ?? [])];
  return `FROM ${[`${relation(skew.pairs)} AS p`, ...(more.joins ?? [])].join('\n')}\nWHERE ${conditions.join('\n  AND ')}`;
}

/** A condition over `p`, a row of the table of pairs; true or not, NULL where a value is. */
export function conditionSql(skew: Filtered, condition: PairCondition): string {
  switch (condition.kind) {
    case 'values': {
      const feature = featureOf(skew, condition.feature);
      const parts = (['left', 'right'] as const).flatMap((side) => {
        const range = condition[side];
        if (range === null) return [];
        const value = `CAST(${comparedValue(feature, side)} AS DOUBLE)`;
        return [`${value} BETWEEN ${literal(range.from)} AND ${literal(range.to)}`];
      });
      if (parts.length === 0) return 'true';
      return `(${parts.join(condition.match === 'all' ? ' AND ' : ' OR ')})`;
    }
    case 'category': {
      const feature = featureOf(skew, condition.feature);
      const is = (side: SideKey): string =>
        `CAST(${column('p', feature[side])} AS VARCHAR) IS NOT DISTINCT FROM ${literal(condition.value)}`;
      return `(${is('left')} OR ${is('right')})`;
    }
    case 'differs': {
      const differs = mismatch(featureOf(skew, condition.feature), skew.tolerance);
      return condition.differs ? differs : `NOT ${differs}`;
    }
    case 'time': {
      // Compared as it is: what the engine knows of the least and the greatest of a stretch of rows then counts.
      const at = (us: bigint): string => `make_timestamp(${literal(us)})`;
      const time = column('p', TIME);
      return `(${time} >= ${at(condition.from)} AND ${time} < ${at(condition.to)})`;
    }
    case 'segment':
      return segmentIs(skew, condition.by, condition.value);
    case 'pairs':
      if (condition.pairs.length === 0) return 'false';
      return `${column('p', PAIR)} IN (${condition.pairs.map(literal).join(', ')})`;
  }
}

/** Where the table of pairs holds the column itself. */
export function segmentInPairs(
  { alignment }: Filtered,
  by: { side: SideKey; column: string },
): string | null {
  const at = alignment.segments.findIndex((one) => one.side === by.side && one.column === by.column);
  return at < 0 ? null : column('p', `segment_${at}`);
}

/** `s` is the row of the side that `p` was made from: by its number, and by its keys should the side have been made anew. */
export function sameRow({ alignment, keys }: Filtered, side: SideKey): string {
  const { order } = alignment[side];
  return [
    `${column('s', order)} = ${column('p', side === 'left' ? LEFT : RIGHT)}`,
    ...keys.map((key) => `${column('s', key)} IS NOT DISTINCT FROM ${column('p', key)}`),
  ].join(' AND ');
}

function segmentIs(skew: Filtered, by: Extract<SegmentBy, { kind: 'column' }>, value: string | null): string {
  const own = segmentInPairs(skew, by);
  const is = (of: string): string => `CAST(${of} AS VARCHAR) IS NOT DISTINCT FROM ${literal(value)}`;
  if (own !== null) return is(own);
  const table = relation(skew.alignment[by.side].table);
  return `EXISTS (SELECT 1 FROM ${table} AS s WHERE ${sameRow(skew, by.side)} AND ${is(column('s', by.column))})`;
}
