import type { AuditHost } from '../audit/audit';
import type { AuditCheck } from '../catalog/model';
import type { Database } from '../database/database';
import type { ParquetReader, WorkspaceFiles } from '../ports';

/** An audit of `theirs.parquet` against the set `train`. */
export function anAudit(more: Partial<AuditCheck> = {}): AuditCheck {
  return {
    name: 'check',
    file: 'theirs.parquet',
    trainingSet: 'train',
    columns: [],
    timestamp: null,
    keys: {},
    tolerance: { absolute: 0, relative: 1e-9 },
    limit: 0,
    ...more,
  };
}

/** A workspace whose one Parquet file holds what a SELECT gives: `theirs.parquet`. */
export function theirFile(db: Database, select: string): AuditHost {
  const notHere = (): never => {
    throw new Error('an audit does not do this');
  };
  const files: WorkspaceFiles = {
    glob: (path) => Promise.resolve([{ path, size: 1, modified: 0 }]),
    read: notHere,
    sha256: notHere,
    write: notHere,
  };
  const reader: ParquetReader = {
    metadata: async () => ({
      rows: 0,
      rowGroups: [],
      columns: (await db.describe(select)).map(({ name, type }) => ({ name, type })),
      keyValues: {},
      createdBy: null,
    }),
    metadataOf: notHere,
    async *read(_path, { columns, rowGroups } = {}) {
      const list = columns?.map((name) => `"${name}"`).join(', ') ?? '*';
      yield await db.query(`SELECT ${list} FROM (${select})${rowGroups ? ' LIMIT 0' : ''}`);
    },
  };
  return { database: db, files, reader };
}
