import type { Catalog } from '../catalog/model';
import { type Database, INTERNAL_SCHEMA, type QueryOptions, sourceTable } from '../database/database';
import { queryRows } from '../database/rows';
import { loadSource } from '../database/source-loader';
import type { OnProgress, ParquetReader, WorkspaceFiles } from '../ports';
import type { AuditResult } from '../results';
import type { CompiledView } from '../sql/compiled-view';
import { quote, relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import { createTable } from '../sql/training-set';
import { prepareView } from '../sql/view-facts';
import { valuesSql } from '../sql/view-values';
import { buildTrainingSet, trainingTable, type BuiltTrainingSet } from '../training/training-set';
import type { AuditedFeature, AuditPlan } from './audit-plan';
import { differingRowsSql } from './differing-rows';
import { findingsSql, type FindingsTable } from './findings';
import { changesSql, nearestChanges, placesSql, pointsOf, triedPointsSql, triesSql } from './instants';
import { summarize } from './summary';
import { type ExaminedTables, verdictsSql } from './verdicts';

/** An audit that has run, and where its findings lie. */
export interface BuiltAudit {
  name: string;
  result: AuditResult;
  /**
   * Every value that is not right, by feature, the worst first: feature, row (from 0), the join keys, the event time,
   * in_file, truth, verdict, away, why, all but row and keys as text. A view: safe to page with LIMIT and OFFSET.
   */
  relation: { schema: string; name: string };
  /** Rows of `relation`. */
  findings: number;
}

export interface AuditOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** What an audit reads its file through. */
export interface AuditHost {
  database: Database;
  files: WorkspaceFiles;
  reader: ParquetReader;
}

/**
 * Holds a training file against the definitions: loads it, builds the truth over its rows, and computes each value
 * that differs at other instants. The sources of the features are loaded. Only the findings stay in the database.
 * Errors: those of loading (`source.*`), of the definitions (`catalog.*`, `sql.*`), `engine.cancelled`.
 */
export async function auditFile(
  host: AuditHost,
  catalog: Catalog,
  plan: AuditPlan,
  options: AuditOptions = {},
): Promise<BuiltAudit> {
  const { database: db } = host;
  const { signal, onProgress = () => {} } = options;
  const findings: FindingsTable = {
    values: { schema: INTERNAL_SCHEMA, name: `audit_values_${plan.check.name}` },
    shown: { schema: INTERNAL_SCHEMA, name: `audit_${plan.check.name}` },
  };
  try {
    const loaded = await loadSource(db, host.files, host.reader, plan.source, {
      columns: plan.columns,
      signal,
      onProgress,
    });
    const truth = await buildTrainingSet(db, catalog, plan.truth, { sample: null, signal, onProgress });
    const parts: string[] = [];
    const examined: number[] = [];
    for (const [index, audited] of plan.features.entries()) {
      onProgress({ phase: `auditing ${audited.column}, feature ${index + 1} of ${plan.features.length}` });
      const part = await examine(db, catalog, plan, { audited, index, truth }, { signal });
      parts.push(part.table);
      examined.push(part.examined);
    }
    onProgress({ phase: `summing up ${plan.check.name}`, rows: loaded.rows });
    for (const sql of findingsSql(plan, parts, findings)) await db.query(sql, { signal });
    const result = await summarize(db, plan, findings, { rows: loaded.rows, examined }, { signal });
    result.warnings.push(...truth.warnings);
    const count = result.features.reduce((sum, one) => sum + loaded.rows - one.right, 0);
    return { name: plan.check.name, result, relation: findings.shown, findings: count };
  } finally {
    await dropAll(db, plan);
  }
}

/** Settles one feature; gives the table of its verdicts and the number of rows that were tried at other instants. */
async function examine(
  db: Database,
  catalog: Catalog,
  plan: AuditPlan,
  one: { audited: AuditedFeature; index: number; truth: BuiltTrainingSet },
  options: QueryOptions,
): Promise<{ table: string; examined: number }> {
  const { audited, index, truth } = one;
  const { view, feature } = audited.ref;
  const compiled = await prepareView(db, catalog, view, [feature], options.signal);
  const tables = stages(plan);
  const column = truth.features[index]!.column;
  const create = (table: string, select: string): Promise<unknown> =>
    db.query(createTable(table, select), options);
  await create(tables.rows, differingRowsSql(plan, audited, compiled, { column, index }));
  const [count] = await queryRows(
    db,
    printSelect({ columns: ['count(*) FILTER ("examined") AS "n"'], from: [tables.rows] }),
    options,
  );
  const examined = Number(count?.['n'] ?? 0);
  const nearest = nearestChanges(examined);
  await tryInstants(compiled, tables, nearest, create);
  const table = relation({ schema: INTERNAL_SCHEMA, name: `audit_part_${plan.check.name}_${index}` });
  await create(table, verdictsSql(compiled, audited, tables, { tolerance: plan.check.tolerance, nearest }));
  return { table, examined };
}

async function tryInstants(
  compiled: CompiledView,
  tables: ExaminedTables,
  nearest: number,
  create: (table: string, select: string) => Promise<unknown>,
): Promise<void> {
  await create(tables.changes, changesSql(compiled, tables.rows));
  await create(tables.places, placesSql(compiled, tables.rows, tables.changes));
  await create(tables.tries, triesSql(compiled, tables.places, tables.changes, nearest));
  await create(tables.points, triedPointsSql(compiled, tables.tries));
  const options = { keepKeys: false, ignoreTtl: false, keepExpired: false };
  await create(tables.values, valuesSql(compiled, pointsOf(compiled, tables.points), options));
  if (compiled.availability === null) return;
  const early = pointsOf(compiled, tables.rows, ['"examined"']);
  const asIfKnown = { ...options, keepLast: true, ignoreAvailability: true };
  await create(tables.early, valuesSql(compiled, early, asIfKnown));
}

function stages(plan: AuditPlan): ExaminedTables {
  const stage = (what: string): string =>
    relation({ schema: INTERNAL_SCHEMA, name: `audit_${what}_of_${plan.check.name}` });
  return {
    rows: stage('rows'),
    changes: stage('changes'),
    places: stage('places'),
    tries: stage('tries'),
    points: stage('points'),
    values: stage('tried'),
    early: stage('early'),
  };
}

/** Everything but the findings; the file's rows may be most of the memory. */
async function dropAll(db: Database, plan: AuditPlan): Promise<void> {
  const { source, truth, features } = plan;
  const tables = [
    ...Object.values(stages(plan)),
    ...features.map((_, index) =>
      relation({ schema: INTERNAL_SCHEMA, name: `audit_part_${plan.check.name}_${index}` }),
    ),
    relation(sourceTable(source.name)),
    relation(trainingTable(truth.name)),
  ];
  const views = [source.name, truth.name].map((name) => `DROP VIEW IF EXISTS main.${quote(name)}`);
  const drops = [...views, ...tables.map((table) => `DROP TABLE IF EXISTS ${table}`)];
  await db.query(drops.join('; ')).catch(() => {
    // The engine is gone; its tables with it.
  });
}
