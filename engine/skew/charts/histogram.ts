import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { comparedValue, isNumeric } from '../../sql/compared-value';
import { literal } from '../../sql/literal';
import { featureOf } from '../compared-feature';
import { comparedRows, type SideKey } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

/** Equal-width bins over both sides' finite values; `to` belongs to the last bin only. Counts are compared rows. */
export interface SkewBin {
  from: number;
  to: number;
  left: number;
  right: number;
}

/** Where bins lie. */
export interface BinFrame {
  from: number;
  width: number;
  count: number;
}

export const MOST_BINS = 60;

/**
 * Where the bins of a numeric feature lie, over all its compared rows: at most `bins` (60), for whole numbers of whole width.
 * null for other features and where no side has a finite number. Errors: `catalog.unknown_feature`.
 */
export async function binFrame(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: Omit<ChartOptions, 'filter'> & { bins?: number } = {},
): Promise<BinFrame | null> {
  const feature = featureOf(skew, name);
  if (!isNumeric(feature)) return null;
  const ends = (['left', 'right'] as const).flatMap((side) => {
    const value = `CAST(${comparedValue(feature, side)} AS DOUBLE)`;
    return [
      `min(${value}) FILTER (isfinite(${value})) AS ${side}_low`,
      `max(${value}) FILTER (isfinite(${value})) AS ${side}_high`,
    ];
  });
  const [row] = await queryRows(db, `SELECT ${ends.join(', ')} ${comparedRows(skew)}`, options);
  const numbers = (end: 'low' | 'high'): number[] =>
    (['left', 'right'] as const)
      .map((side) => row?.[`${side}_${end}`])
      .filter((value) => typeof value === 'number');
  const [lows, highs] = [numbers('low'), numbers('high')];
  if (lows.length === 0) return null;
  const [low, high] = [Math.min(...lows), Math.max(...highs)];
  return binsOver(low, high, options.bins ?? MOST_BINS, feature.kind === 'integer');
}

/** Overlaid distributions of a numeric feature, in the bins of `frame`; as `binFrame` gives them without. */
export async function skewHistogram(
  db: Database,
  skew: BuiltSkew,
  name: string,
  options: ChartOptions & { bins?: number; frame?: BinFrame | null } = {},
): Promise<SkewBin[]> {
  const feature = featureOf(skew, name);
  const frame = options.frame === undefined ? await binFrame(db, skew, name, options) : options.frame;
  if (frame === null) return [];
  const { from, width, count } = frame;
  const counted = (side: SideKey): string => {
    const value = `CAST(${comparedValue(feature, side)} AS DOUBLE)`;
    const bin = `floor(${value} / ${literal(width)} - ${literal(from / width)})`;
    // least and greatest cost ten times as much here as CASE does, grouping by INTEGER twice as much as by bytes.
    const index = `CAST(CASE WHEN ${bin} < 0 THEN 0 WHEN ${bin} > ${count - 1} THEN ${count - 1} ELSE ${bin} END AS UTINYINT)`;
    const rows = comparedRows(skew, options.filter, { where: [`isfinite(${value})`] });
    return `SELECT ${literal(side)} AS side, ${index} AS bin, count(*) AS n ${rows} GROUP BY bin`;
  };
  const found = await queryRows(db, `${counted('left')} UNION ALL ${counted('right')}`, options);
  const counts = new Map(
    found.map((row) => [`${String(row['side'])} ${Number(row['bin'])}`, Number(row['n'])]),
  );
  return Array.from({ length: count }, (_, bin) => ({
    from: from + bin * width,
    to: from + (bin + 1) * width,
    left: counts.get(`left ${bin}`) ?? 0,
    right: counts.get(`right ${bin}`) ?? 0,
  }));
}

function binsOver(low: number, high: number, most: number, whole: boolean): BinFrame {
  if (whole) {
    const width = Math.max(1, Math.ceil((high - low + 1) / most));
    return { from: low, width, count: Math.ceil((high - low + 1) / width) };
  }
  const width = high / most - low / most;
  // A width that vanishes beside the values cannot tell bins apart.
  if (low + width === low || high - width === high) return { from: low - 0.5, width: 1, count: 1 };
  return { from: low, width, count: most };
}
