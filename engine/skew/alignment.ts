import type { Catalog, SkewCheck, Source } from '../catalog/model';
import { neededColumns } from '../catalog/needed-columns';
import { ORDER_COLUMN, sourceTable } from '../database/database';
import type { ColumnInfo, Database, QueryOptions } from '../database/database';
import { PlumblineError } from '../errors';
import { column, quote, relation } from '../sql/quote';
import { trainingTable } from '../training/training-set';
import { requireKind, type ComparedFeature } from './compared-feature';

/** Which columns of the training set and of the log are laid side by side. */
export interface Alignment {
  /** `_plumb.training_<set>`. */
  left: { schema: string; name: string };
  /** `_plumb.source_<log>`. */
  right: { schema: string; name: string };
  /** Join keys that both sides have, under one name; compared NULL-safe, column by column. */
  keys: string[];
  /** Join keys of the features' entities that the log does not have. */
  missingKeys: string[];
  leftTime: string;
  rightTime: string;
  features: ComparedFeature[];
}

/** The table of pairs: `__pair`, `__side` (`both`, `left`, `right`), the keys, `__time`, `left_<i>`, `right_<i>`. */
export const PAIR = '__pair';
export const SIDE = '__side';
export const TIME = '__time';

/**
 * Finds the columns of both sides by name. Errors: `catalog.unknown_training_set`, `catalog.unknown_source`,
 * `catalog.unknown_column` (a log without a time or without any key), `catalog.type_mismatch`.
 */
export async function planAlignment(
  db: Database,
  catalog: Catalog,
  check: SkewCheck,
  options: QueryOptions = {},
): Promise<Alignment> {
  const set = catalog.trainingSets.get(check.trainingSet);
  if (!set)
    throw new PlumblineError(
      'catalog.unknown_training_set',
      `There is no training set ${check.trainingSet}.`,
      {
        hint: 'Name one of the notebook\'s training sets in "training_set".',
      },
    );
  const log = catalog.sources.get(check.serving.source);
  if (!log)
    throw new PlumblineError('catalog.unknown_source', `There is no source ${check.serving.source}.`, {
      hint: 'Name one of the notebook\'s sources in "serving".',
    });
  const rightTime = log.timestamp;
  if (rightTime === null) throw noTime(log, 'names no time');
  const left = trainingTable(set.name);
  const right = sourceTable(log.name);
  const leftTypes = await typesOf(db, left, options);
  const rightTypes = await typesOf(db, right, options);
  if (!rightTypes.has(rightTime)) throw noTime(log, `has no column ${rightTime}`);
  const joinKeys = neededColumns(catalog, set.features)
    .keys.map((key) => key.name)
    .filter((name) => leftTypes.has(name));
  const keys = joinKeys.filter((name) => rightTypes.has(name));
  if (keys.length === 0)
    throw new PlumblineError(
      'catalog.unknown_column',
      `The log ${log.name} has none of the join keys ${joinKeys.join(', ')}.`,
      { hint: 'The log needs at least one join key under the name that the entity gives it.' },
    );
  if (!set.features.some((feature) => rightTypes.has(feature.column)))
    throw new PlumblineError('catalog.unknown_column', `The log ${log.name} has no feature of ${set.name}.`, {
      hint: 'Log each feature under its column name in the training set.',
    });
  for (const name of keys) requireKind(name, leftTypes.get(name) ?? '', rightTypes.get(name) ?? '');
  return {
    left,
    right,
    keys,
    missingKeys: joinKeys.filter((name) => !rightTypes.has(name)),
    leftTime: set.timestamp,
    rightTime,
    features: set.features.map((feature, index) => {
      const logged = rightTypes.get(feature.column);
      const type = leftTypes.get(feature.column) ?? '';
      return {
        ref: `${feature.view}:${feature.feature}`,
        column: feature.column,
        kind: requireKind(feature.column, type, logged ?? type),
        left: `left_${index}`,
        right: `right_${index}`,
        logged: logged !== undefined,
      };
    }),
  };
}

function noTime(log: Source, what: string): PlumblineError {
  return new PlumblineError('catalog.unknown_column', `The source ${log.name} ${what}.`, {
    hint: 'Give the source "timestamp:", the column with the time of the request.',
  });
}

async function typesOf(
  db: Database,
  table: { schema: string; name: string },
  options: QueryOptions,
): Promise<Map<string, string>> {
  const columns: ColumnInfo[] = await db.describe(`SELECT * FROM ${relation(table)}`, options);
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/**
 * The SELECT that makes the table of pairs, in the order of the training set, rows of the log alone last. Rows
 * that share keys and time on one side are paired with the other side's in order: first with first.
 */
export function pairsSelect(plan: Alignment, options: { rightOnly: boolean }): string {
  const by = [...plan.keys, TIME, '__nth'];
  const on = by.map((name) => `${column('l', name)} IS NOT DISTINCT FROM ${column('r', name)}`);
  const columns = [
    `row_number() OVER (ORDER BY l."__at" NULLS LAST, r."__at") - 1 AS ${quote(PAIR)}`,
    `CASE WHEN r."__at" IS NULL THEN 'left' WHEN l."__at" IS NULL THEN 'right' ELSE 'both' END AS ${quote(SIDE)}`,
    ...[...plan.keys, TIME].map(
      (name) =>
        `CASE WHEN l."__at" IS NULL THEN ${column('r', name)} ELSE ${column('l', name)} END AS ${quote(name)}`,
    ),
    ...plan.features.flatMap((feature) => [column('l', feature.left), column('r', feature.right)]),
  ];
  return [
    `WITH l AS (${sideSelect(plan, 'left')}),`,
    `r AS (${sideSelect(plan, 'right')})`,
    `SELECT ${columns.join(', ')}`,
    `FROM l ${options.rightOnly ? 'FULL' : 'LEFT'} JOIN r ON ${on.join(' AND ')}`,
    `ORDER BY ${quote(PAIR)}`,
  ].join('\n');
}

function sideSelect(plan: Alignment, side: 'left' | 'right'): string {
  const order = side === 'left' ? '__row' : ORDER_COLUMN;
  const time = side === 'left' ? plan.leftTime : plan.rightTime;
  const by = [...plan.keys, time].map(quote).join(', ');
  const columns = [
    `${quote(order)} AS "__at"`,
    `row_number() OVER (PARTITION BY ${by} ORDER BY ${quote(order)}) AS "__nth"`,
    ...plan.keys.map(quote),
    `${quote(time)} AS ${quote(TIME)}`,
    ...plan.features.map((feature) => {
      const value = side === 'left' || feature.logged ? quote(feature.column) : 'NULL';
      return `${value} AS ${quote(feature[side])}`;
    }),
  ];
  return `SELECT ${columns.join(', ')} FROM ${relation(plan[side])}`;
}

/** One row: `left` and `right`, how many keys and times occur on that side more than once. */
export function ambiguousSelect(plan: Alignment): string {
  const count = (side: 'left' | 'right'): string => {
    const time = side === 'left' ? plan.leftTime : plan.rightTime;
    const by = [...plan.keys, time].map(quote).join(', ');
    return `(SELECT count(*) FROM (SELECT 1 FROM ${relation(plan[side])} GROUP BY ${by} HAVING count(*) > 1))`;
  };
  return `SELECT ${count('left')} AS "left", ${count('right')} AS "right"`;
}
