import type { Catalog } from '../catalog/model';
import {
  exportFeastRepository,
  feastViews,
  type FeastExport,
  type FeastExportOptions,
} from '../feast/export-repository';
import type { Runner } from '../run';
import type { RunHost, RunOptions } from '../run-types';
import { runViews } from './run-views';

/**
 * Runs the views of a notebook and writes the Feast repository that reads what they materialize. Errors: the first of a
 * view that did not run, else those of `exportFeastRepository`.
 */
export async function exportFeast(
  runner: Pick<Runner, 'runAll'>,
  host: RunHost,
  catalog: Catalog,
  options: FeastExportOptions,
): Promise<FeastExport> {
  const { signal, onProgress } = options;
  const whole: RunOptions = {
    mode: 'whole',
    previewRows: 0,
    write: false,
    exportFiles: false,
    signal,
    onProgress,
  };
  const names = feastViews(catalog).views.map(({ name }) => name);
  await runViews(runner, names, whole);
  const { database, writer, reader, exports, files } = host;
  return exportFeastRepository({ database, writer, reader, files: exports ?? files }, catalog, options);
}
