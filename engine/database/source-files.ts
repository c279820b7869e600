import type { Source } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { FileEntry, WorkspaceFiles } from '../ports';

export type SourceFormat = 'parquet' | 'csv' | 'json';

export interface SourceFile extends FileEntry {
  format: SourceFormat;
}

/**
 * A source's files in the order written, each glob's sorted by path, none twice. Errors: `source.no_files`,
 * `source.unsupported_format`, `source.outside_workspace`.
 */
export async function sourceFiles(files: WorkspaceFiles, source: Source): Promise<SourceFile[]> {
  const found = new Map<string, SourceFile>();
  for (const pattern of source.files)
    for (const entry of await files.glob(pattern))
      if (!found.has(entry.path)) found.set(entry.path, { ...entry, format: formatOf(entry.path, source) });
  if (found.size === 0)
    throw new PlumblineError(
      'source.no_files',
      `Source ${source.name} has no files: nothing matches ${source.files.join(', ')}.`,
      { hint: "Check the path; it counts from the notebook's folder." },
    );
  return [...found.values()];
}

function formatOf(path: string, source: Source): SourceFormat {
  if (/\.(parquet|parq|pq)$/i.test(path)) return 'parquet';
  if (/\.(csv|tsv)(\.gz)?$/i.test(path)) return 'csv';
  if (/\.(json|ndjson|jsonl)$/i.test(path)) return 'json';
  throw new PlumblineError(
    'source.unsupported_format',
    `Source ${source.name}: ${path} is of no known format.`,
    {
      hint: 'Sources are Parquet (.parquet), CSV (.csv, .tsv, .csv.gz) or JSON (.json, .ndjson, .jsonl).',
    },
  );
}
