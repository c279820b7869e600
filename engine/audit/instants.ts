import {
  type CompiledFeature,
  type CompiledView,
  eventColumns,
  keyColumns,
  sameKeys,
  seenAt,
} from '../sql/compiled-view';
import { DAY, HOUR } from '../catalog/window';
import { afterLastEvent } from '../sql/naive-join';
import type { Points } from '../sql/points';
import { entersAt, leavesAt } from '../sql/window-edges';
import { block, enclose, printSelect } from '../sql/select';

/** Instants that are tried per feature, about. */
const INSTANTS = 200_000;
/** On either side of a row at least so many changes of its value are tried. */
const NEAREST = 8;

/** Later than every instant: what was never known. */
const NEVER = 2n ** 62n;

/** Microseconds before and after a row at which a value is tried whatever changed in between. */
const STEPS = [1n, HOUR, DAY, 7n * DAY, 30n * DAY];

/** How many changes on either side of each of `rows` rows are tried. */
export function nearestChanges(rows: number): number {
  return Math.max(NEAREST, Math.floor(INSTANTS / (2 * Math.max(1, rows))));
}

/**
 * The instants at which the feature's value can change, per entity of `rows`: keys, `s` (microseconds) and `n`, its
 * place among the entity's, from 1. Feature table: the rows' times. Window: an event enters, an event leaves.
 */
export function changesSql(compiled: CompiledView, rows: string): string {
  const keys = keyColumns(compiled.keys);
  const [feature] = compiled.features as [CompiledFeature];
  const events = printSelect({
    columns: eventColumns(compiled, []),
    from: [compiled.source],
    where: feature.where === null ? [] : [enclose(feature.where)],
  });
  const instants = printSelect({
    columns: [...keys.map((key) => `e.${key}`), `unnest([${changesOf(compiled).join(', ')}]) AS "s"`],
    distinct: true,
    from: [
      `${block(events)} AS e`,
      `SEMI JOIN ${rows} AS r ON ${sameKeys(compiled.keys, 'r', 'e')} AND r."examined"`,
    ],
    where: ['e."__at" IS NOT NULL'],
  });
  return printSelect({
    columns: ['*', `row_number() OVER (PARTITION BY ${keys.join(', ')} ORDER BY "s") AS "n"`],
    from: [`${block(instants)} AS instants`],
    where: [`"s" < ${NEVER}`],
  });
}

/** When the event `e` begins to count, and for a window when it ceases to. */
function changesOf(compiled: CompiledView): string[] {
  const window = compiled.features[0]?.window ?? null;
  if (window === null) return [seenAt(compiled)];
  const enters = entersAt(window, 'e."__at"');
  const known =
    compiled.availability === null ? enters : `greatest(${enters}, coalesce(e."__known", ${NEVER}))`;
  return [known, leavesAt(window, 'e."__at"')];
}

/** Where each examined row stands among its entity's changes: `__row`, `__t`, keys, `n` changes up to it, `of` in all. */
export function placesSql({ keys }: CompiledView, rows: string, changes: string): string {
  const names = keyColumns(keys);
  const counts = printSelect({ columns: [...names, 'count(*) AS "of"'], from: [changes], groupBy: names });
  const examined = printSelect({ columns: ['*'], from: [rows], where: ['"examined"'] });
  return printSelect({
    columns: [
      'r."__row"',
      'r."__t"',
      ...names.map((key) => `r.${key}`),
      'coalesce(c."n", 0) AS "n"',
      'coalesce(k."of", 0) AS "of"',
    ],
    from: [
      `${block(examined)} AS r`,
      `ASOF LEFT JOIN ${changes} AS c ON ${sameKeys(keys, 'c', 'r')} AND c."s" <= r."__t"`,
      `LEFT JOIN ${block(counts)} AS k ON ${sameKeys(keys, 'k', 'r')}`,
    ],
  });
}

/**
 * What is tried for each examined row: `__row`, the keys, `s`. The nearest changes on either side and the entity's last
 * one; for windows, whose value holds until the next change, the last moment before an earlier change, and fixed steps.
 */
export function triesSql(compiled: CompiledView, places: string, changes: string, nearest: number): string {
  const names = keyColumns(compiled.keys);
  const isWindow = compiled.features[0]?.column === null;
  const columns = ['q."__row"', 'q."__t"', ...names.map((key) => `q.${key}`)];
  const near = printSelect({
    columns: ['*', `unnest(range("n" - ${nearest - 1}, "n" + ${nearest + 1}) || ["of"]) AS "m"`],
    from: [places],
  });
  const held = isWindow ? 'CASE WHEN q."m" <= q."n" THEN c."s" - 1 ELSE c."s" END' : 'c."s"';
  const changed = printSelect({
    columns: [...columns, `${held} AS "s"`],
    from: [
      `${block(near)} AS q`,
      `JOIN ${changes} AS c ON ${sameKeys(compiled.keys, 'c', 'q')} AND c."n" = q."m"`,
    ],
  });
  const steps = STEPS.flatMap((step) => [`q."__t" + ${step}`, `q."__t" - ${step}`]);
  const fixed = printSelect({
    columns: [...columns, `unnest([${[...steps, afterLastEvent(compiled)].join(', ')}]) AS "s"`],
    from: [`${places} AS q`],
  });
  return printSelect({
    columns: ['"__row"', ...names, '"s"'],
    distinct: true,
    from: [block(isWindow ? `${changed}\nUNION ALL\n${fixed}` : changed)],
    where: ['"s" <> "__t"'],
  });
}

/** Each entity and instant of `tries` once, as points. */
export function triedPointsSql({ keys }: CompiledView, tries: string): string {
  const names = keyColumns(keys);
  const once = printSelect({ columns: [...names, '"s"'], distinct: true, from: [tries] });
  return printSelect({
    columns: ['row_number() OVER () - 1 AS "__row"', '"s" AS "__t"', ...names],
    from: [`${block(once)} AS once`],
  });
}

/** The rows of a table with `__row`, `__t` and keys as points; `where` chooses among them. */
export function pointsOf({ keys }: CompiledView, table: string, where: readonly string[] = []): Points {
  const columns = ['"__row"', '"__t"', ...keyColumns(keys)];
  return { sql: printSelect({ columns, from: [table], where }), count: INSTANTS };
}
