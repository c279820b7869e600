import type { Catalog } from '../catalog/model';
import { type Database, INTERNAL_SCHEMA } from '../database/database';
import { loadSource } from '../database/source-loader';
import { dropSourceSql } from '../database/source-tables';
import type { OnProgress, ParquetReader, WorkspaceFiles } from '../ports';
import type { AuditResult } from '../results';
import type { PartBuilder } from '../training/part-builder';
import { buildTrainingSet, dropTrainingSetSql } from '../training/training-set';
import type { AuditPlan } from './audit-plan';
import { examinedTables, examineFeature, verdictTable } from './examination';
import { findingsSql, type FindingsTable } from './findings';
import { summarize } from './summary';

/** An audit that has run, and where its findings lie. */
export interface BuiltAudit {
  name: string;
  result: AuditResult;
  /**
   * Every value that is not right, by feature, the worst first: feature, in_file, truth, verdict, away, why (all
   * text), row (from 0), the join keys, the event time. A view: safe to page with LIMIT and OFFSET.
   */
  relation: { schema: string; name: string };
  /** Rows of `relation`. */
  findings: number;
}

export interface AuditOptions {
  /** How each view's true values are computed; in one piece on the same database when absent. */
  buildPart?: PartBuilder;
  /** Sources whose rows are not in the database: what differs in their features is not examined further. */
  large?: ReadonlySet<string>;
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
  const { signal, buildPart, large = new Set<string>(), onProgress = () => {} } = options;
  const findings: FindingsTable = {
    values: { schema: INTERNAL_SCHEMA, name: `audit_values_${plan.check.name}` },
    shown: { schema: INTERNAL_SCHEMA, name: `audit_${plan.check.name}` },
  };
  try {
    const loaded = await loadSource(db, host.files, host.reader, plan.source, {
      columns: new Set(plan.columns.map((name) => name.toLowerCase())),
      signal,
      onProgress,
    });
    const truth = await buildTrainingSet(db, catalog, plan.truth, {
      sample: null,
      buildPart,
      signal,
      onProgress,
    });
    const parts: string[] = [];
    const examined: number[] = [];
    for (const [index, audited] of plan.features.entries()) {
      onProgress({ phase: `auditing ${audited.column}, feature ${index + 1} of ${plan.features.length}` });
      const column = truth.features[index]!.column;
      examined.push(await examineFeature(db, catalog, plan, { audited, index, column }, { signal, large }));
      parts.push(verdictTable(plan.check.name, index));
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

/** Everything but the findings; the file's rows may be most of the memory. */
async function dropAll(db: Database, plan: AuditPlan): Promise<void> {
  const { source, truth, features } = plan;
  const tables = [
    ...Object.values(examinedTables(plan.check.name)),
    ...features.map((_, index) => verdictTable(plan.check.name, index)),
  ];
  const drops = [
    ...dropTrainingSetSql(truth.name),
    ...dropSourceSql(source.name),
    ...tables.map((table) => `DROP TABLE IF EXISTS ${table}`),
  ];
  await db.query(drops.join('; ')).catch(() => {
    // The engine is gone; its tables with it.
  });
}
