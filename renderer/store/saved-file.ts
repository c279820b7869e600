import { toErrorRecord } from '../../engine/errors';
import type { SliceContext } from './slice';
import type { RunsSlice } from './state';

/** Writes a file of the workspace, over one that is there; gives its path, null when that failed and was told. */
export async function saveFile(
  { deps }: Pick<SliceContext, 'deps'>,
  path: string,
  bytes: Uint8Array,
): Promise<string | null> {
  try {
    await deps.host.call('files.write', { path, bytes });
    return path;
  } catch (thrown) {
    const { message, hint } = toErrorRecord(thrown);
    deps.notify('error', message, hint);
    return null;
  }
}

/** Where what a cell shows goes, relative to the workspace: `out/serving-rate-distribution.png`. */
export function outPath(words: readonly string[], extension: string): string {
  const stem = words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
  return `out/${stem === '' ? 'chart' : stem}.${extension}`;
}

/** Writes what a chart shows. */
export function chartFiles({ deps }: SliceContext): Pick<RunsSlice, 'saveChart'> {
  return {
    async saveChart(name, extension, make) {
      let bytes: Uint8Array;
      try {
        bytes = await make();
      } catch (thrown) {
        return deps.notify('error', `The chart cannot be saved: ${toErrorRecord(thrown).message}`);
      }
      const path = await saveFile({ deps }, outPath(name, extension), bytes);
      if (path !== null) deps.notify('success', `Saved as ${path}.`);
    },
  };
}
