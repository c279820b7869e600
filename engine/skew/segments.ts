import { printDuration } from '../catalog/duration';
import type { Segmentation } from '../catalog/model';
import type { Database, QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import type { SkewSegment } from '../results';
import { column } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { floorTo } from '../sql/window-edges';
import { SIDE, TIME } from './alignment';
import { skewNumbersBy, type NumbersOf } from './numbers';

/** Segments of one segmentation at most; the rows of the others are summed up as one. */
export const MOST_SEGMENTS = 24;

/** What a segmentation cuts the table of pairs by, as SQL over `p`; `columns` are the segment columns in their order. */
export function segmentValue(by: Segmentation, columns: readonly string[]): string {
  if (by.kind === 'column') return `CAST(${column('p', `segment_${columns.indexOf(by.column)}`)} AS VARCHAR)`;
  const start = `make_timestamp(${floorTo(`epoch_us(${column('p', TIME)})`, by.every)})`;
  return `strftime(${start}, '%Y-%m-%dT%H:%M:%SZ')`;
}

export function segmentationName(by: Segmentation): string {
  return by.kind === 'column' ? by.column : printDuration(by.every);
}

/**
 * The numbers of a feature per segment: the largest segments of a column first, of time in its order. Beyond MOST_SEGMENTS the
 * rest is left out.
 */
export async function skewSegments(
  db: Database,
  of: NumbersOf,
  by: Segmentation,
  columns: readonly string[],
  options: QueryOptions,
): Promise<SkewSegment[]> {
  const value = segmentValue(by, columns);
  const counted = printSelect({
    columns: [`${value} AS value`, 'count(*) AS n'],
    from: [`${of.pairs} AS p`],
    where: [`${column('p', SIDE)} = 'both'`],
    groupBy: ['1'],
  });
  const largest = `SELECT value FROM ${block(counted)} ORDER BY n DESC, value LIMIT ${MOST_SEGMENTS}`;
  const order = by.kind === 'time' ? ` ORDER BY value` : '';
  const found = await queryRows(db, `SELECT value FROM ${block(largest)}${order}`, options);
  const values = found.map((row) => (row['value'] ?? null) as string | null);
  const numbers = await skewNumbersBy(db, of, value, values, options);
  return [...numbers].map(([own, one]) => ({ by: segmentationName(by), value: own, ...one }));
}

/** The column of a segmentation by its place; for whoever adds segments to a table of pairs. */
export function segmentColumns(segments: readonly Segmentation[]): string[] {
  return segments.flatMap((one) => (one.kind === 'column' ? [one.column] : []));
}
