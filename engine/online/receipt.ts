import { z } from 'zod';
import { utf8 } from './byte-writer';
import { parseRecord } from './online-state';
import type { RecordFiles } from './record-files';

const number = z.number();

export const receiptSchema = z.object({
  /** Sorts by time: `20261124T181200123Z-4f1c`. */
  run: z.string(),
  cell: z.string(),
  project: z.string(),
  /** The store, never with a password. */
  target: z.string(),
  /** ISO 8601 UTC. Of a write that went on after a crash: of its first start. */
  startedAt: z.string(),
  finishedAt: z.string(),
  resumed: z.boolean(),
  /** SHA-256 of everything that the plan would send, and of where to. */
  digest: z.string(),
  views: z.array(
    z.object({
      view: z.string(),
      /** Digest of the definition that was written. */
      definition: z.string(),
      /** ISO 8601 UTC; null = from the beginning, or not known. */
      start: z.string().nullable(),
      end: z.string().nullable(),
    }),
  ),
  entities: number,
  added: number,
  changed: number,
  replaced: number,
  skipped_older: number,
  skipped_equal: number,
  null_overwrites: number,
  bytes: number,
  /** Rows that were read back, of those that were written. */
  read_back: number,
  /** Those of them that held something newer of another writer by then. Absent in receipts of before it was counted. */
  overtaken: number.default(0),
  verified: z.boolean(),
  /** Seconds until a written hash expires; null = never. */
  expire: number.nullable(),
});
/** What a write left behind, kept in the workspace. */
export type Receipt = z.infer<typeof receiptSchema>;

const listSchema = z.array(receiptSchema);
/** Receipts that are kept of a cell. */
const KEPT = 50;

/** The receipts of a cell, latest first. Errors: file.*. */
export async function readReceipts(records: RecordFiles, path: string): Promise<Receipt[]> {
  const bytes = await records.read(path);
  return bytes === null ? [] : parseRecord(listSchema, bytes, path);
}

/** Adds a receipt; one of the same run is replaced. */
export async function keepReceipt(records: RecordFiles, path: string, receipt: Receipt): Promise<void> {
  const before = (await readReceipts(records, path)).filter(({ run }) => run !== receipt.run);
  const kept = [receipt, ...before].slice(0, KEPT);
  await records.write(path, utf8(`${JSON.stringify(kept, null, 2)}\n`));
}
