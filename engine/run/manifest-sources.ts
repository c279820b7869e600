import type { ManifestSource } from '../database/manifest-parts';
import type { RunContext } from './context';
import { neededCells, runDependencies } from './topology';

/** Every loaded source that a cell rests on, with the digests of its files as they are now. */
export async function manifestSources(context: RunContext, cell: string): Promise<ManifestSource[]> {
  const needed = neededCells([cell], runDependencies(context.dependencies, context.catalog));
  const names = needed.filter((name) => context.sources.has(name));
  return Promise.all(
    names.map(async (name) => {
      const loaded = context.sources.get(name);
      const files = loaded?.files ?? [];
      return {
        name,
        rows: loaded?.rows ?? 0,
        files: await Promise.all(
          files.map(async ({ path, size }) => ({
            path,
            size,
            sha256: await context.host.files.sha256(path),
          })),
        ),
      };
    }),
  );
}
