import { indicatorColumn } from '../catalog/feature-named';
import { INTERNAL_SCHEMA } from '../database/database';
import { type CompiledView, eventColumns, keyColumns, seenAt } from './compiled-view';
import { withDefault } from './default-value';
import { duckType } from './duck-type';
import { quote, relation } from './quote';
import { block, printSelect } from './select';
import { valuesSql } from './view-values';

/**
 * The most points of one statement: what bounds memory, whatever the number of entities. The planner is told of so
 * many always, so that a view has one plan whichever of its instants are asked for.
 */
export const STATEMENT_POINTS = 1 << 19;

/** The column with the grid's instant, TIMESTAMP in UTC. */
export const GRID_TIME_COLUMN = 'event_timestamp';

/** Where the snapshots of one view at several instants are put together. */
export interface GridTables {
  /** Each entity, `__first` = from when on it has a row that is known (microseconds). */
  entities: string;
  /** Each entity at each instant from `__first` on, by instant and key: `__row` from 0, `__t`, keys. */
  points: string;
  /** Values of a range of `__row`. */
  values: string;
}

export function gridTables(view: string): GridTables {
  const table = (part: string) => relation({ schema: INTERNAL_SCHEMA, name: `grid_${part}_${view}` });
  return { entities: table('entities'), points: table('points'), values: table('values') };
}

/** Every entity that a snapshot at any instant has. */
export function gridEntitiesSql(compiled: CompiledView): string {
  const keys = keyColumns(compiled.keys);
  const events = printSelect({ columns: eventColumns(compiled, []), from: [compiled.source] });
  return printSelect({
    columns: [...keys, `min(${seenAt(compiled)}) AS "__first"`],
    from: [`${block(events)} AS e`],
    where: ['e."__at" IS NOT NULL', ...keys.map((key) => `${key} IS NOT NULL`)],
    groupBy: keys,
  });
}

/** The points of a snapshot at each instant. `instants`: SQL of rows `(microseconds)`, separated by commas. */
export function gridPointsSql(compiled: CompiledView, tables: GridTables, instants: string): string {
  const order = ['g."__t"', ...keyColumns(compiled.keys).map((key) => `e.${key}`)];
  return printSelect({
    columns: [`row_number() OVER (ORDER BY ${order.join(', ')}) - 1 AS "__row"`, ...order],
    from: [`${tables.entities} AS e`, `JOIN (VALUES ${instants}) AS g("__t") ON e."__first" <= g."__t"`],
    orderBy: ['"__row"'],
  });
}

/** The values at the points `from <= __row < to`, through the one door to values. */
export function gridValuesSql(compiled: CompiledView, tables: GridTables, from: string, to: string): string {
  const points = { sql: pointRange(tables, from, to), count: STATEMENT_POINTS };
  return valuesSql(compiled, points, { keepKeys: false, ignoreTtl: false, keepExpired: false });
}

/**
 * The rows of a file: join keys (declared types), `event_timestamp`, every feature after the default policy, followed
 * by its indicator where it has one, ordered by key; of the points `from <= __row < to`, whose values have been computed.
 */
export function gridRowsSql(compiled: CompiledView, tables: GridTables, from: string, to: string): string {
  const { keys, features } = compiled;
  return printSelect({
    columns: [
      ...keys.map((key, index) => `CAST(p."__k${index}" AS ${duckType(key.type)}) AS ${quote(key.name)}`),
      `make_timestamp(p."__t") AS ${quote(GRID_TIME_COLUMN)}`,
      ...features.flatMap(({ feature }, index) => {
        const value = `v."__v${index}"`;
        const indicator = indicatorColumn(feature, feature.name);
        return [
          `${withDefault(feature, value)} AS ${quote(feature.name)}`,
          ...(indicator === null ? [] : [`${value} IS NULL AS ${quote(indicator)}`]),
        ];
      }),
    ],
    from: [
      `${block(pointRange(tables, from, to))} AS p`,
      `LEFT JOIN ${tables.values} AS v ON v."__row" = p."__row"`,
    ],
    orderBy: ['p."__row"'],
  });
}

function pointRange(tables: GridTables, from: string, to: string): string {
  return printSelect({
    columns: ['*'],
    from: [tables.points],
    where: [`"__row" >= ${from}`, `"__row" < ${to}`],
  });
}
