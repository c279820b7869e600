import type { WorkspaceFiles } from '../ports';
import type { JournalEntry } from './journal';
import type { BackfillPlan } from './plan';

/**
 * What of a plan stands already: the entries whose file is in the folder, is the one that was written, and rests on
 * the same definitions and sources. `strays` are Parquet files of the folder that the plan does not know, relative to it.
 */
export async function standing(
  files: WorkspaceFiles,
  plan: BackfillPlan,
  folder: string,
  journal: ReadonlyMap<string, JournalEntry>,
): Promise<{ entries: Map<string, JournalEntry>; strays: string[] }> {
  const found = await files.glob(`${folder}/**/*.parquet`);
  const sizes = new Map(found.map(({ path, size }) => [path.slice(folder.length + 1), size]));
  const entries = new Map<string, JournalEntry>();
  const planned = new Set<string>();
  for (const { basis, partitions } of plan.views)
    for (const { file } of partitions) {
      planned.add(file);
      const entry = journal.get(file);
      if (entry?.basis !== basis || sizes.get(file) !== entry.size) continue;
      if ((await files.sha256(`${folder}/${file}`)) === entry.sha256) entries.set(file, entry);
    }
  return { entries, strays: [...sizes.keys()].filter((file) => !planned.has(file)) };
}
