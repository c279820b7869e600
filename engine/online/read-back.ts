import type { OnProgress } from '../ports';
import { equalBytes } from './byte-writer';
import { Pace } from './pace';
import { batchValues, type MaterializationPlan, type PlanBatch } from './plan';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { readStored } from './stored-rows';

/** Written rows up to which every one is read back. */
export const READ_ALL = 1_000_000;
/** How many are read back of more. */
export const READ_SAMPLE = 100_000;

/** Rows of one batch that the store now holds. */
export interface Written {
  batch: PlanBatch;
  rows: number[];
}

/** Every row up to READ_ALL, else READ_SAMPLE of them at even distances; all when `whole`. */
export function rowsToRead(written: readonly Written[], whole: boolean): Written[] {
  const total = written.reduce((sum, { rows }) => sum + rows.length, 0);
  if (whole || total <= READ_ALL) return [...written];
  const step = total / READ_SAMPLE;
  let passed = 0;
  return written.map(({ batch, rows }) => {
    const from = passed;
    passed += rows.length;
    // row number n of all is taken when a multiple of `step` lies in [n, n + 1)
    return {
      batch,
      rows: rows.filter((_, i) => Math.ceil((from + i) / step) * step < from + i + 1),
    };
  });
}

/**
 * Reads rows back and compares them byte for byte with the plan. Gives how many were read and whether all are equal; ends
 * at the first batch with a difference. Errors: redis.*, `engine.cancelled`.
 */
export async function readBack(
  plan: MaterializationPlan,
  written: readonly Written[],
  link: RedisLink,
  options: { signal?: AbortSignal; onProgress?: OnProgress },
): Promise<{ read: number; equal: boolean }> {
  const total = written.reduce((sum, { rows }) => sum + rows.length, 0);
  const pace = new Pace('reading back', total, options.onProgress);
  let read = 0;
  for (const { batch, rows } of written) {
    throwIfCancelled(options.signal);
    const stored = await readStored(link, plan, batch, rows);
    read += rows.length;
    const equal = rows.every((row, i) =>
      batchValues(batch, row).every((value, slice) => {
        const found = stored[i]?.[slice];
        return found instanceof Uint8Array && equalBytes(value, found);
      }),
    );
    if (!equal) return { read, equal: false };
    pace.tell(read);
  }
  return { read, equal: true };
}
