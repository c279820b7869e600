import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { comparedValue } from '../../sql/compared-value';
import { defaultSql } from '../../sql/default-value';
import { comparedRows, type SideKey } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

/** Rows of each side that hold nothing, or the feature's constant default; null where it has none. */
export interface SkewMissing {
  column: string;
  rows: number;
  nulls: [left: number, right: number];
  defaults: [left: number, right: number] | null;
}

/** Missing values of every compared feature, in their order. */
export async function skewMissing(
  db: Database,
  skew: BuiltSkew,
  options: ChartOptions = {},
): Promise<SkewMissing[]> {
  const sides = ['left', 'right'] as const;
  const stands = skew.features.map(({ column }) => {
    const definition = skew.definitions.get(column);
    return definition === undefined ? null : defaultSql(definition);
  });
  const counts = skew.features.flatMap((feature, at) =>
    sides.flatMap((side) => {
      const value = comparedValue(feature, side);
      const stand = stands[at] ?? null;
      return [
        `count(*) FILTER (${value} IS NULL) AS null_${side}_${at}`,
        ...(stand === null
          ? []
          : [`count(*) FILTER (${value} IS NOT DISTINCT FROM ${stand}) AS default_${side}_${at}`]),
      ];
    }),
  );
  const sql = `SELECT ${['count(*) AS n', ...counts].join(',\n  ')}\n${comparedRows(skew, options.filter)}`;
  const [row] = await queryRows(db, sql, options);
  const both = (what: string, at: number): [number, number] => {
    const of = (side: SideKey): number => Number(row?.[`${what}_${side}_${at}`] ?? 0);
    return [of('left'), of('right')];
  };
  return skew.features.map(({ column }, at) => ({
    column,
    rows: Number(row?.['n'] ?? 0),
    nulls: both('null', at),
    defaults: (stands[at] ?? null) === null ? null : both('default', at),
  }));
}
