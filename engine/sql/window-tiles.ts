import { filtered } from './aggregate-state';
import type { CompiledView } from './compiled-view';
import { keyColumns, sameKeys } from './compiled-view';
import { block, printSelect } from './select';
import { cellOf, floorTo, windowEdges } from './window-edges';
import { allOf, finished, lastColumns, type Pass, type PassFeature, passFeatures } from './window-pass';
import type { PassOptions } from './window-join';

/**
 * Events summed up in tiles of `step` microseconds, whole tiles for the inside of a window and single events for its two
 * edges: columns as in `windowJoinSql`, for a pass with one window. Costs time per tile and per event at the edges:
 * best where an entity has thousands of events a window. Only for aggregates whose states can be merged.
 */
export function windowTilesSql(
  compiled: CompiledView,
  pass: Pass,
  options: PassOptions & { step: bigint },
): string {
  const { step } = options;
  const { keys } = compiled;
  const features = passFeatures(compiled, pass, () => null);
  const columns = stateColumns(compiled, features, options);
  const { lo, hi } = windowEdges(pass.windows[0]!, '"__t"');
  const edged = printSelect({
    columns: ['*', `${lo} AS "__lo0"`, `${hi} AS "__hi0"`],
    from: ['point'],
  });
  const placed = printSelect({
    columns: [
      '*',
      `${cellOf(`("__lo0" + ${step - 1n})`, step)} AS "__first"`,
      `${cellOf('"__hi0"', step)} AS "__end"`,
    ],
    from: [`${block(edged)} AS p`],
  });
  const tiles = printSelect({
    columns: [
      ...keyColumns(keys),
      `${floorTo('e."__at"', step)} // ${step} AS "__cell"`,
      ...columns.map(({ name, event }) => `${event} AS "${name}"`),
    ],
    from: ['event AS e'],
    where: ['e."__at" IS NOT NULL'],
    groupBy: [...keyColumns(keys).map((key) => `e.${key}`), '"__cell"'],
  });
  const inside = printSelect({
    columns: ['p."__row"', ...columns.map(({ name, merge }) => `${merged(name, merge)} AS "${name}"`)],
    from: [
      'placed AS p',
      `JOIN tile AS e ON ${sameKeys(keys, 'e', 'p')}`,
      '  AND e."__cell" >= p."__first"',
      '  AND e."__cell" < p."__end"',
    ],
    groupBy: ['p."__row"'],
  });
  const edgeCells = printSelect({
    columns: [
      '*',
      'unnest(CASE WHEN "__first" - 1 = "__end" THEN ["__end"] ELSE ["__first" - 1, "__end"] END) AS "__cell"',
    ],
    from: ['placed'],
  });
  const edges = printSelect({
    columns: ['"__row"', ...columns.map(({ name, event }) => `${event} AS "${name}"`)],
    from: [
      `(\n  SELECT p."__row", e.*\n  FROM ${block(edgeCells)} AS p\n  JOIN event AS e ON ${sameKeys(keys, 'e', 'p')}` +
        `\n    AND ${cellOf('e."__at"', step)} = p."__cell"\n    AND e."__at" >= p."__lo0"\n    AND e."__at" < p."__hi0"\n) AS e`,
    ],
    groupBy: ['"__row"'],
  });
  const groups = printSelect({
    columns: ['"__row"', ...columns.map(({ name, merge }) => `${merged(name, merge)} AS "${name}"`)],
    from: [`${block(`${inside}\nUNION ALL\n${edges}`)} AS e`],
    groupBy: ['"__row"'],
  });
  return printSelect({
    with: [
      { name: 'placed', sql: placed },
      { name: 'tile', sql: tiles },
    ],
    columns: [
      '"__row"',
      '"__n0"',
      ...features.map((feature) => `${finished(feature)} AS "__v${feature.index}"`),
      ...(options.keepLast ? features.map(({ index }) => `"__last${index}"`) : []),
    ],
    from: [`${block(groups)} AS g`],
  });
}

interface TileColumn {
  name: string;
  event: string;
  merge: 'sum' | 'min' | 'max';
}

function stateColumns(
  compiled: CompiledView,
  features: readonly PassFeature[],
  options: PassOptions,
): TileColumn[] {
  const states = features.flatMap(({ sides }) =>
    sides.flatMap((side) => side.states.map(({ name, event, merge }) => ({ name, event, merge: merge! }))),
  );
  const last = options.keepLast
    ? lastColumns(compiled, features, () => null).map((text, at) => ({
        name: `__last${features[at]!.index}`,
        event: text.slice(0, text.lastIndexOf(' AS ')),
        merge: 'max' as const,
      }))
    : [];
  return [{ name: '__n0', event: filtered('count(*)', allOf([])), merge: 'sum' }, ...states, ...last];
}

function merged(name: string, merge: 'sum' | 'min' | 'max'): string {
  return `${merge}(e."${name}")`;
}
