import type { OnProgress } from '../ports';
import { ahead } from './ahead';
import { decodeEventTimestamp } from './event-timestamp';
import { Pace } from './pace';
import { batchSlice, type MaterializationPlan, type PlanBatch } from './plan';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { readStored, type StoredRow } from './stored-rows';
import { ViewReader, type Written } from './view-reader';

/** Written rows up to which every one is read back. */
export const READ_ALL = 1_000_000;
/** How many are read back of more. */
export const READ_SAMPLE = 100_000;

/** Every row up to READ_ALL, else READ_SAMPLE of them at even distances; all when `whole`. */
export function rowsToRead(written: readonly Written[], whole: boolean): Written[] {
  const total = countRows(written);
  return whole || total <= READ_ALL ? [...written] : spreadRows(written, READ_SAMPLE);
}

export const countRows = (written: readonly Written[]): number =>
  written.reduce((sum, { rows }) => sum + rows.length, 0);

/** So many of the rows at even distances; all where there are not more. */
export function spreadRows(written: readonly Written[], most: number): Written[] {
  const step = Math.max(1, countRows(written) / most);
  let passed = 0;
  return written.map(({ batch, rows }) => {
    const from = passed;
    passed += rows.length;
    // row number n of all is taken when a multiple of `step` lies in [n, n + 1)
    return {
      batch,
      // by name: few are read, and those beside the writing may have been read without names
      fresh: false,
      rows: rows.filter((_, i) => Math.ceil((from + i) / step) * step < from + i + 1),
    };
  });
}

/** Whether another writer has put something newer in the place of a row since it was written. */
function isOvertaken(batch: PlanBatch, row: number, [time]: StoredRow): boolean {
  const latest = time ? decodeEventTimestamp(time) : null;
  const ours = decodeEventTimestamp(batchSlice(batch, row, 1)) ?? 0n;
  return latest !== null && latest > ours;
}

/**
 * Reads rows back and compares them byte for byte with the plan. Gives how many were read, how many of them hold something
 * newer by now, and whether all others are equal; ends at the first batch with a difference. Errors: redis.*, `engine.cancelled`.
 */
export async function readBack(
  plan: MaterializationPlan,
  written: readonly Written[],
  link: RedisLink,
  options: { signal?: AbortSignal; onProgress?: OnProgress },
): Promise<{ read: number; overtaken: number; equal: boolean }> {
  const pace = new Pace('reading back', countRows(written), options.onProgress);
  const readers = plan.views.map(({ fields }) => new ViewReader(link, fields));
  let [read, overtaken] = [0, 0];
  const reading = ahead(written, (item) => readers[item.batch.view]!.differing(item));
  for await (const { item, result: differing } of reading) {
    throwIfCancelled(options.signal);
    const { batch, rows } = item;
    read += rows.length;
    const stored = await readStored(link, plan, batch, differing);
    if (!differing.every((row, i) => isOvertaken(batch, row, stored[i] ?? [])))
      return { read, overtaken, equal: false };
    overtaken += differing.length;
    pace.tell(read);
  }
  return { read, overtaken, equal: true };
}
