import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { mismatch } from '../../sql/compared-value';
import { literal } from '../../sql/literal';
import { column, relation } from '../../sql/quote';
import { block } from '../../sql/select';
import { floorTo } from '../../sql/window-edges';
import { TIME } from '../alignment';
import { featureOf } from '../compared-feature';
import { bothSides, comparedRows, sameRow, segmentInPairs, type SegmentBy } from '../pair-filter';
import type { BuiltSkew } from '../skew';
import type { ChartOptions } from './chart-options';

export interface SkewSegmentCount {
  /** Printed, null = NULL; of time, when the stretch begins, microseconds UTC. */
  value: string | null;
  rows: number;
  mismatches: number;
}

export interface SkewSegments {
  /** Of a column those with the most mismatches first, of time in its order. */
  segments: SkewSegmentCount[];
  /** What is left out beyond the limit. */
  others: { segments: number; rows: number; mismatches: number };
}

export const MOST_SEGMENT_BARS = 15;
const MOST_STRETCHES = 500;

/**
 * Rows and mismatches by segment: at most 15 values of a column, or the 500 stretches of time with the most mismatches. null
 * where the rows of the column's side are no longer those that were compared. Errors: `catalog.unknown_feature`.
 */
export async function skewBySegment(
  db: Database,
  skew: BuiltSkew,
  name: string,
  by: SegmentBy,
  options: ChartOptions = {},
): Promise<SkewSegments | null> {
  if (by.kind === 'column' && !(await sideStands(db, skew, by, options))) return null;
  const { value, joins } = segmentSql(skew, by);
  const differs = mismatch(featureOf(skew, name), skew.tolerance);
  const grouped = [
    `SELECT ${value} AS value, count(*) AS n, count(*) FILTER (${differs}) AS m`,
    comparedRows(skew, options.filter, { joins }),
    'GROUP BY 1',
  ].join('\n');
  const most = by.kind === 'time' ? MOST_STRETCHES : MOST_SEGMENT_BARS;
  const sql = [
    'SELECT *, count(*) OVER () AS segments, sum(n) OVER () AS all_n, sum(m) OVER () AS all_m',
    `FROM ${block(grouped)} ORDER BY m DESC, n DESC, value NULLS LAST LIMIT ${literal(most)}`,
  ].join('\n');
  const found = await queryRows(db, sql, options);
  const segments = found.map((row) => ({
    value: row['value'] === null ? null : String(row['value']),
    rows: Number(row['n']),
    mismatches: Number(row['m']),
  }));
  if (by.kind === 'time') segments.sort((a, b) => Number(a.value ?? 0) - Number(b.value ?? 0));
  const sum = (of: 'rows' | 'mismatches'): number => segments.reduce((total, one) => total + one[of], 0);
  const [first] = found;
  return {
    segments,
    others: {
      segments: Number(first?.['segments'] ?? 0) - segments.length,
      rows: Number(first?.['all_n'] ?? 0) - sum('rows'),
      mismatches: Number(first?.['all_m'] ?? 0) - sum('mismatches'),
    },
  };
}

function segmentSql(skew: BuiltSkew, by: SegmentBy): { value: string; joins: string[] } {
  if (by.kind === 'time') return { value: floorTo(`epoch_us(${column('p', TIME)})`, by.every), joins: [] };
  const own = segmentInPairs(skew, by);
  if (own !== null) return { value: `CAST(${own} AS VARCHAR)`, joins: [] };
  const table = relation(skew.alignment[by.side].table);
  return {
    value: `CAST(${column('s', by.column)} AS VARCHAR)`,
    joins: [`LEFT JOIN ${table} AS s ON ${sameRow(skew, by.side)}`],
  };
}

/** Whether the table of pairs has the column itself, or every compared row is still found in the side that has it. */
async function sideStands(
  db: Database,
  skew: BuiltSkew,
  by: Extract<SegmentBy, { kind: 'column' }>,
  options: ChartOptions,
): Promise<boolean> {
  if (segmentInPairs(skew, by) !== null) return true;
  const { table } = skew.alignment[by.side];
  const columns = await columnsOf(db, table, options);
  if (!columns.has(by.column)) return false;
  const lost = `SELECT 1 FROM ${relation(skew.pairs)} AS p ANTI JOIN ${relation(table)} AS s ON ${sameRow(skew, by.side)} WHERE ${bothSides()} LIMIT 1`;
  return (await queryRows(db, lost, options)).length === 0;
}

/** Columns by which the chart can tell rows apart: those of a side whose table is still there, keys and features left out. */
export async function segmentChoices(
  db: Database,
  skew: BuiltSkew,
  options: ChartOptions = {},
): Promise<Extract<SegmentBy, { kind: 'column' }>[]> {
  const { alignment } = skew;
  const declared = alignment.segments.map(({ column: name, side }) => ({
    kind: 'column' as const,
    side,
    column: name,
  }));
  const others = [];
  for (const side of ['left', 'right'] as const) {
    const { table, time } = alignment[side];
    const compared = new Set(alignment.features.map((feature) => feature.columns[side]));
    for (const name of await columnsOf(db, table, options))
      if (!name.startsWith('__') && name !== time && !compared.has(name))
        others.push({ kind: 'column' as const, side, column: name });
  }
  const isDeclared = (one: { side: string; column: string }): boolean =>
    declared.some(({ side, column: name }) => side === one.side && name === one.column);
  return [...declared, ...others.filter((one) => !isDeclared(one))];
}

async function columnsOf(
  db: Database,
  table: { schema: string; name: string },
  options: ChartOptions,
): Promise<Set<string>> {
  const sql = `SELECT column_name AS name FROM duckdb_columns() WHERE schema_name = ${literal(table.schema)} AND table_name = ${literal(table.name)} ORDER BY column_index`;
  return new Set((await queryRows(db, sql, options)).map((row) => String(row['name'])));
}
