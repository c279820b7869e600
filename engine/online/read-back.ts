import type { OnProgress } from '../ports';
import { ahead } from './ahead';
import { decodeEventTimestamp } from './event-timestamp';
import { Pace } from './pace';
import { batchSlice, type MaterializationPlan, type PlanBatch } from './plan';
import { throwIfCancelled, type RedisLink } from './redis-link';
import { readStored, type StoredRow } from './stored-rows';

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

/** Whether a stored row is the planned one, without taking the plan's bytes apart. */
function holdsRow({ bytes, ends, width }: PlanBatch, row: number, stored: StoredRow): boolean {
  if (stored.length !== width - 1) return false;
  let at = ends[row * width] ?? 0;
  for (let slice = 1; slice < width; slice++) {
    const end = ends[row * width + slice] ?? 0;
    const found = stored[slice - 1];
    if (!found || found.length !== end - at) return false;
    for (let i = 0; i < found.length; i++) if (found[i] !== bytes[at + i]) return false;
    at = end;
  }
  return true;
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
  const total = written.reduce((sum, { rows }) => sum + rows.length, 0);
  const pace = new Pace('reading back', total, options.onProgress);
  let [read, overtaken] = [0, 0];
  const reading = ahead(written, ({ batch, rows }) => readStored(link, plan, batch, rows));
  for await (const { item, result: stored } of reading) {
    throwIfCancelled(options.signal);
    const { batch, rows } = item;
    read += rows.length;
    for (const [i, row] of rows.entries()) {
      if (holdsRow(batch, row, stored[i] ?? [])) continue;
      if (!isOvertaken(batch, row, stored[i] ?? [])) return { read, overtaken, equal: false };
      overtaken++;
    }
    pace.tell(read);
  }
  return { read, overtaken, equal: true };
}
