import { z } from 'zod';
import { isoMicroseconds } from '../catalog/instant';
import { canonicalJson } from '../database/manifest-parts';
import { PlumblineError } from '../errors';
import type { WorkspaceFiles } from '../ports';
import type { BackfillPlan, ViewRecord } from './plan';

/** The manifest's name in the folder of a backfill. Readers of partitioned Parquet pass over names that begin with `_`. */
export const JOURNAL_FILE = '_manifest.json';

/** The format of the manifest itself. */
const JOURNAL_VERSION = 1;

const entrySchema = z.object({
  file: z.string(),
  view: z.string(),
  /** ISO 8601 UTC. */
  at: z.string(),
  rows: z.number().int().min(0),
  /** Bytes. */
  size: z.number().int().min(0),
  sha256: z.string(),
  /** Digest of what the file rests on. */
  basis: z.string(),
});
/** A whole file of a backfill, as it was written. */
export type JournalEntry = z.output<typeof entrySchema>;

const journalSchema = z.object({
  plumbline_backfill: z.literal(JOURNAL_VERSION),
  backfill: z.string(),
  partitions: z.array(entrySchema),
});

/**
 * Beside the files as `_manifest.json`: what a backfill was made from, and the files that are whole, in the order of
 * the grid. It holds no clock time, host or absolute path, and is the journal from which a later run goes on.
 */
export interface BackfillManifest extends z.output<typeof journalSchema> {
  /** Whether every file of the grid is among the partitions. */
  complete: boolean;
  /** Instants ISO 8601 UTC; `every` in microseconds. */
  grid: { start: string; end: string; every: string };
  views: (ViewRecord & { basis: string })[];
}

/** The manifest of a plan of which `entries` (by file) are whole. */
export function manifestOf(plan: BackfillPlan, entries: ReadonlyMap<string, JournalEntry>): BackfillManifest {
  const { name, start, end, every } = plan.backfill;
  const files = plan.views.flatMap((view) => view.partitions.map(({ file }) => file));
  const partitions = files.flatMap((file) => entries.get(file) ?? []);
  return {
    plumbline_backfill: JOURNAL_VERSION,
    backfill: name,
    complete: partitions.length === files.length,
    grid: {
      start: isoMicroseconds(start),
      end: end === 'max' ? 'max' : isoMicroseconds(end),
      every: every.toString(),
    },
    views: plan.views.map(({ record, basis }) => ({ ...record, basis })),
    partitions,
  };
}

export function printManifest(plan: BackfillPlan, entries: ReadonlyMap<string, JournalEntry>): string {
  return canonicalJson(manifestOf(plan, entries));
}

/**
 * The manifest in a backfill's folder: its text and its entries by file; null when there is none. Errors:
 * `export.mismatch` when the file is something else, or the manifest of another backfill: nothing is then overwritten.
 */
export async function readJournal(
  files: WorkspaceFiles,
  folder: string,
  backfill: string,
): Promise<{ text: string; entries: Map<string, JournalEntry> } | null> {
  const path = `${folder}/${JOURNAL_FILE}`;
  if ((await files.glob(path)).length === 0) return null;
  const text = new TextDecoder().decode(await files.read(path));
  const parsed = journalSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw foreign(path, 'is not the manifest of a backfill that this version reads');
  if (parsed.data.backfill !== backfill)
    throw foreign(path, `belongs to the backfill ${parsed.data.backfill}, not to ${backfill}`);
  return { text, entries: new Map(parsed.data.partitions.map((entry) => [entry.file, entry])) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function foreign(path: string, what: string): PlumblineError {
  return new PlumblineError('export.mismatch', `${path} ${what}; nothing was written`, {
    hint: 'Choose another `out`, or delete that file when its folder may be written anew.',
  });
}
