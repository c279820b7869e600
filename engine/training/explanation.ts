import type { Catalog, TrainingSet } from '../catalog/model';
import { sourceTable, type Database } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import type { ValueStatus } from '../results';
import { type CompiledView, keyExpression } from '../sql/compiled-view';
import { withDefault } from '../sql/default-value';
import {
  explainCountsSql,
  explainedValueSql,
  explainNearestSql,
  explainRowsSql,
  type Reason,
} from '../sql/explain-rows';
import type { Points } from '../sql/points';
import { quote, relation } from '../sql/quote';
import { block, printSelect } from '../sql/select';
import { prepareView } from '../sql/view-facts';
import { windowEdges } from '../sql/window-edges';
import { trainingTable } from './training-set';

/** Why one value of a training set is what it is. Instants are BIGINT microseconds UTC. */
export interface Explanation {
  set: string;
  /** From 0, in the table as it was built. */
  row: number;
  /** `view:feature`. */
  ref: string;
  kind: 'table' | 'aggregate';
  source: string;
  /** The spine row: all its columns. */
  spine: Record<string, unknown>;
  /** Join keys and their values. */
  entity: Record<string, unknown>;
  /** The spine row's event time. */
  t: bigint | null;
  /**
   * Where rows can count. Aggregate: `from` belongs, `to` = t does not. Feature table: both belong; `from` null when
   * the ttl is unlimited.
   */
  window: { from: bigint | null; to: bigint | null };
  /** As the training set shows it. */
  value: unknown;
  /** Before the default policy. */
  raw: unknown;
  /** Whether the default stands in. */
  defaulted: boolean;
  status: ValueStatus;
  naive: { value: unknown; leaks: boolean };
  /** How many source rows of the entity have each reason. */
  counts: Partial<Record<Reason, number>>;
  /** The rows nearest to `t`, oldest first; the winner is always among them. */
  candidates: Candidate[];
  /** The SQL that gave the value. */
  sql: string;
}

export interface Candidate {
  /** The row's event time. */
  at: bigint | null;
  /** Position over all files of the source. */
  order: number;
  reason: Reason;
  /** For a ratio: which side the row belongs to. */
  side: 'of' | 'over' | 'both' | null;
  /** The source's own columns. */
  values: Record<string, unknown>;
}

export interface ExplainOptions {
  /** Candidate rows at most; 50 unless told. */
  limit?: number;
  signal?: AbortSignal;
}

/**
 * Explains the value of `ref` (`view:feature`) in row `row` of a training set that stands built. The value comes out
 * of the same SQL as the training set's. Errors: `catalog.unknown_feature`, `usage` for a row that is not there.
 */
export async function explainValue(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  row: number,
  ref: string,
  options: ExplainOptions = {},
): Promise<Explanation> {
  const { signal, limit = 50 } = options;
  const index = set.features.findIndex((one) => `${one.view}:${one.feature}` === ref);
  const chosen = set.features[index];
  if (!chosen)
    throw new PlumblineError('catalog.unknown_feature', `${set.name} has no feature ${ref}`, {
      hint: `It has ${set.features.map((one) => `${one.view}:${one.feature}`).join(', ')}.`,
    });
  const compiled = await prepareView(db, catalog, chosen.view, [chosen.feature], signal);
  const { view, keys, features } = compiled;
  const [feature] = features;
  const table = relation(trainingTable(set.name));
  const [built] = Number.isSafeInteger(row)
    ? await queryRows(db, `SELECT * FROM ${table} WHERE "__row" = ${row}`, { signal })
    : [];
  if (!built)
    throw new PlumblineError('usage', `${set.name} has no row ${row}`, {
      hint: 'Rows count from 0, up to the number of rows less 1.',
    });
  const spine = Object.fromEntries((await spineNames(db, set, signal)).map((name) => [name, built[name]]));
  const point = pointAt(table, row, set.timestamp, keys);
  const sql = explainedValueSql(compiled, point);
  const edges = feature!.window === null ? null : windowEdges(feature!.window, 'p."__t"');
  const value = withDefault(feature!.feature, 'v."__v0"');
  const [found] = await queryRows(
    db,
    printSelect({
      columns: [
        `${value} AS value`,
        'v."__v0" AS raw',
        'v."__s0" AS status',
        'p."__t" AS t',
        ...(edges === null ? [] : [`${edges.lo} AS "lo"`, `${edges.hi} AS "hi"`]),
      ],
      from: [`${block(sql)} AS v`, `JOIN ${block(point.sql)} AS p ON p."__row" = v."__row"`],
    }),
    { signal },
  );
  const source = await db.describe(`SELECT * FROM ${relation(sourceTable(view.source))}`, { signal });
  const names = source.map((column) => column.name).filter((name) => !name.startsWith('__'));
  const rowsSql = explainRowsSql(compiled, point, names);
  const counted = await queryRows(db, explainCountsSql(rowsSql), { signal });
  const nearest = await queryRows(db, explainNearestSql(rowsSql, limit), { signal });
  const t = found?.['t'] as bigint | null;
  return {
    set: set.name,
    row,
    ref,
    kind: view.kind,
    source: view.source,
    spine,
    entity: Object.fromEntries(keys.map((key) => [key.name, valueOf(built, key.name)])),
    t,
    window:
      edges === null
        ? { from: t === null || view.ttl === null ? null : t - view.ttl, to: t }
        : { from: found?.['lo'] as bigint | null, to: found?.['hi'] as bigint | null },
    value: found?.['value'],
    raw: found?.['raw'],
    defaulted: found?.['raw'] === null && found['value'] !== null,
    status: found?.['status'] as ValueStatus,
    naive: { value: built[`__naive_${index}`], leaks: built[`__leaks_${index}`] === true },
    counts: Object.fromEntries(counted.map((one) => [String(one['reason']), Number(one['rows'])])),
    candidates: nearest.map((one) => candidate(one, names)).sort(byTime),
    sql,
  };
}

/** The spine row as a point of the view, out of the built table. */
function pointAt(table: string, row: number, timestamp: string, keys: CompiledView['keys']): Points {
  return {
    sql: printSelect({
      columns: [
        '"__row"',
        `epoch_us(CAST(${quote(timestamp)} AS TIMESTAMP)) AS "__t"`,
        ...keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`),
      ],
      from: [table],
      where: [`"__row" = ${row}`],
    }),
  };
}

/** The public columns of the built table that are no feature's: a built table begins with the spine's. */
async function spineNames(db: Database, set: TrainingSet, signal?: AbortSignal): Promise<string[]> {
  const columns = await db.describe(`SELECT * FROM main.${quote(set.name)}`, { signal });
  return columns.slice(0, columns.length - set.features.length).map((column) => column.name);
}

function candidate(row: Record<string, unknown>, names: readonly string[]): Candidate {
  const [of, over] = [row['__of'] === true, row['__over'] === true];
  return {
    at: row['__at'] as bigint | null,
    order: Number(row['__order']),
    reason: row['__reason'] as Reason,
    side: of && over ? 'both' : of ? 'of' : over ? 'over' : null,
    values: Object.fromEntries(names.map((name) => [name, row[name]])),
  };
}

function byTime(left: Candidate, right: Candidate): number {
  if (left.at === right.at) return left.order - right.order;
  if (left.at === null || right.at === null) return left.at === null ? -1 : 1;
  return left.at < right.at ? -1 : 1;
}

function valueOf(row: Record<string, unknown>, name: string): unknown {
  const key = Object.keys(row).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? null : row[key];
}
