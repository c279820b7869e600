import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { CompiledView } from './compiled-view';
import { lastEvent } from './snapshot';

/** The end of a snapshot in microseconds; null for `max` over a source without rows. */
export async function snapshotEnd(
  db: Database,
  compiled: CompiledView,
  end: bigint | 'max',
  signal?: AbortSignal,
): Promise<bigint | null> {
  if (end !== 'max') return end;
  const [row] = await queryRows(db, `SELECT ${lastEvent(compiled)} AS "end"`, { signal });
  return typeof row?.end === 'bigint' ? row.end : null;
}
