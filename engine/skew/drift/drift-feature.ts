import type { NamedFeature } from '../../catalog/model';
import type { Database, QueryOptions } from '../../database/database';
import { queryRows } from '../../database/rows';
import { compareKind, isNumeric, valueAs } from '../../sql/compared-value';
import { defaultSql } from '../../sql/default-value';
import { column, relation } from '../../sql/quote';
import { block, printSelect } from '../../sql/select';
import { distanceSelect, stabilitySelect, type Samples } from '../distribution';
import { numberOrNull } from '../numbers';
import type { Side } from '../side';
import type { DriftNumbers } from './drift-result';
import { hasTime, inReference, windowOf, type DriftWindows } from './drift-windows';

/** What is known of a feature over time; windows without rows are in no map. */
export interface FeatureOverTime {
  reference: DriftNumbers;
  windows: ReadonlyMap<bigint, DriftNumbers & { psi: number | null; js: number | null; ks: number | null }>;
}

/** The numbers of one feature by window, and its distance from the reference. `held`: its column in the side. */
export async function featureOverTime(
  db: Database,
  side: Side,
  windows: DriftWindows,
  { held, definition }: { held: string; definition: NamedFeature | null },
  options: QueryOptions,
): Promise<FeatureOverTime> {
  const type = side.types.get(held) ?? 'VARCHAR';
  const samples = samplesOf(side, windows, held, compareKind(type, type) ?? 'exact');
  const summary = await queryRows(db, summarySelect(samples, definition), options);
  const stability = samples.kind === 'exact' ? [] : await queryRows(db, stabilitySelect(samples), options);
  const distance = isNumeric(samples) ? await queryRows(db, distanceSelect(samples), options) : [];
  const byWindow = (rows: Record<string, unknown>[]): Map<bigint, Record<string, unknown>> =>
    new Map(rows.flatMap((row) => (row['w'] === null ? [] : [[BigInt(String(row['w'])), row] as const])));
  const [stabilities, distances] = [byWindow(stability), byWindow(distance)];
  return {
    reference: numbersOf(summary.find((row) => row['w'] === null)),
    windows: new Map(
      [...byWindow(summary)].map(([start, row]) => [
        start,
        {
          ...numbersOf(row),
          psi: numberOrNull(stabilities.get(start)?.['psi']),
          js: numberOrNull(stabilities.get(start)?.['js']),
          ks: numberOrNull(distances.get(start)?.['ks']),
        },
      ]),
    ),
  };
}

/** The reference's rows, and once more every row by its window. */
function samplesOf(side: Side, windows: DriftWindows, held: string, kind: Samples['kind']): Samples {
  const part = (window: string, where: string[]): string =>
    printSelect({
      columns: [`${valueAs(kind, column('s', held))} AS v`, `CAST(${window} AS BIGINT) AS w`],
      from: [`${relation(side.table)} AS s`],
      where: [hasTime(side), ...where],
    });
  const reference = part('NULL', [inReference(side, windows)]);
  return { relation: block(`${reference}\nUNION ALL\n${part(windowOf(side, windows.every), [])}`), kind };
}

function summarySelect(samples: Samples, definition: NamedFeature | null): string {
  const standIn = definition === null ? null : defaultSql(definition);
  const value = 'CAST(v AS DOUBLE)';
  return printSelect({
    columns: [
      'w',
      'count(*) AS n',
      'count(*) FILTER (v IS NULL) AS nulls',
      `${standIn === null ? 'CAST(NULL AS BIGINT)' : `count(*) FILTER (v IS NOT DISTINCT FROM ${standIn})`} AS defaults`,
      `${isNumeric(samples) ? `avg(${value}) FILTER (isfinite(${value}))` : 'CAST(NULL AS DOUBLE)'} AS mean`,
    ],
    from: [samples.relation],
    groupBy: ['w'],
  });
}

function numbersOf(row: Record<string, unknown> | undefined): DriftNumbers {
  const rows = Number(row?.['n'] ?? 0);
  const rate = (count: unknown): number | null =>
    rows === 0 || count === null || count === undefined ? null : Number(count) / rows;
  return {
    rows,
    null_rate: rate(row?.['nulls']),
    default_rate: rate(row?.['defaults']),
    mean: numberOrNull(row?.['mean']),
  };
}
