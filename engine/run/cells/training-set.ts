import { PlumblineError } from '../../errors';
import type { TrainingResult } from '../../results';
import { buildTrainingSet } from '../../training/training-set';
import type { CellRunner } from '../context';
import { exportBuilt } from '../export-built';
import { partOverPool } from '../part-over-pool';

/** Builds the set, on a sample in a preview; writes its file only in a whole run that says so. */
export const runTrainingSet: CellRunner = async (context, name) => {
  const set = context.catalog.trainingSets.get(name);
  if (!set) throw new PlumblineError('catalog.unknown_training_set', `No training set ${name}.`);
  const { mode, previewRows, exportFiles, signal, onProgress } = context.options;
  const { pool } = context.host;
  const built = await buildTrainingSet(context.host.database, context.catalog, set, {
    sample: mode === 'preview' ? previewRows : null,
    buildPart: partOverPool(context),
    signal,
    onProgress,
    // Engines that wait would keep what the last chunks took.
  }).finally(() => pool?.close());
  context.trainingSets.set(name, built);
  const written = mode === 'whole' && exportFiles && set.export ? await exportBuilt(context, built) : null;
  const result: TrainingResult = {
    file: written?.file ?? null,
    sha256: written?.sha256 ?? null,
    manifest: written?.manifest ?? null,
    sample: built.rows < built.spineRows ? built.rows : null,
    spine_rows: built.spineRows,
    features: built.features,
    means: built.means,
    warnings: [...built.warnings, ...(written?.warnings ?? [])],
  };
  return { rows: built.rows, columns: built.columns, relation: name, result };
};
