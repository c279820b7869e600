import { computedValues } from '../../catalog/computed-values';
import { parseDuration } from '../../catalog/duration';
import type { Catalog, FeatureRef, FeatureView } from '../../catalog/model';
import { sourceTable, type Database, type QueryOptions } from '../../database/database';
import { queryRows } from '../../database/rows';
import { column, relation } from '../../sql/quote';
import { block, printSelect } from '../../sql/select';
import { floorTo } from '../../sql/window-edges';
import { typesOf } from '../side';
import { freshnessSentences } from './drift-alarms';
import type { DriftFreshness } from './drift-result';
import { isoText, type DriftWindows } from './drift-windows';

/** The tag of a view that says how old its newest row may be, such as `24h`. */
export const SLA_TAG = 'freshness_sla';

/** The views that features are computed from, through on-demand ones, each once. */
export function viewsBehind(catalog: Catalog, features: readonly FeatureRef[]): FeatureView[] {
  const names = computedValues(catalog, features).refs.map(({ view }) => view);
  return [...new Set(names)].flatMap((name) => catalog.views.get(name) ?? []);
}

/**
 * Per window the age of the newest row of the view's source that was visible at its end: one that had happened and, where the
 * source says when a row could be known, was known. The end of the last window is the last row that was looked at.
 */
export async function viewFreshness(
  db: Database,
  catalog: Catalog,
  view: FeatureView,
  windows: DriftWindows,
  options: QueryOptions,
): Promise<DriftFreshness> {
  const sla = slaOf(view);
  const newest = await newestByEnd(db, catalog, view, windows, options);
  let seen: bigint | null = null;
  const found = endsOf(windows).map((at) => {
    const here: bigint | undefined = newest.get(at);
    if (here !== undefined && (seen === null || here > seen)) seen = here;
    const age: number | null = seen === null ? null : Number(at - seen) / 1000;
    return { at: isoText(at), age_ms: age, late: age !== null && sla !== null && age > sla };
  });
  return { view: view.name, sla_ms: sla, windows: found, alarms: freshnessSentences(view.name, sla, found) };
}

/** Milliseconds; null where the view has no such tag, or one that is no duration. */
export function slaOf({ tags }: FeatureView): number | null {
  const written = tags[SLA_TAG];
  const sla = written === undefined ? null : parseDuration(written);
  return sla === null ? null : Number(sla) / 1000;
}

function endsOf({ starts, every, last }: DriftWindows): bigint[] {
  return starts.map((start, index) => (index === starts.length - 1 ? last : start + every));
}

/** The newest event time among the rows that became visible by each end, and not by the end before; all earlier ones by the first. */
async function newestByEnd(
  db: Database,
  catalog: Catalog,
  view: FeatureView,
  windows: DriftWindows,
  options: QueryOptions,
): Promise<Map<bigint, bigint>> {
  const source = catalog.sources.get(view.source);
  const table = sourceTable(view.source);
  const types = await typesOf(db, table, options);
  const time = (name: string): string =>
    types.get(name) === 'TIMESTAMP' ? column('s', name) : `CAST(${column('s', name)} AS TIMESTAMP)`;
  const known = source?.availableAt ?? null;
  const finite = (name: string): string => `isfinite(${time(name)})`;
  const rows = printSelect({
    columns: [
      `epoch_us(${time(view.timestamp)}) AS happened`,
      `epoch_us(${known === null ? time(view.timestamp) : `greatest(${time(view.timestamp)}, ${time(known)})`}) AS visible`,
    ],
    from: [`${relation(table)} AS s`],
    where: [finite(view.timestamp), ...(known === null ? [] : [finite(known)])],
  });
  const { every, last, starts } = windows;
  const first = starts[0]! + every;
  const sql = printSelect({
    // A row that becomes visible at an end is visible there.
    columns: [
      `least(greatest(${floorTo('visible - 1', every)} + ${every}, ${first}), ${last}) AS till`,
      'max(happened) AS newest',
    ],
    from: [block(rows)],
    where: [`visible <= ${last}`],
    groupBy: ['1'],
  });
  const found = await queryRows(db, sql, options);
  return new Map(found.map((row) => [BigInt(String(row['till'])), BigInt(String(row['newest']))]));
}
