import { PlumblineError } from '../../errors';
import type { TrainingResult } from '../../results';
import { buildTrainingSet, type BuiltTrainingSet } from '../../training/training-set';
import type { CellRunner, RunContext } from '../context';
import { exportBuilt, type WrittenExport } from '../export-built';
import { partOverPool } from '../part-over-pool';

/** Builds the set, on a sample in a preview; writes its file only in a whole run that says so. */
export const runTrainingSet: CellRunner = async (context, name) => {
  const set = context.catalog.trainingSets.get(name);
  if (!set) throw new PlumblineError('catalog.unknown_training_set', `No training set ${name}.`);
  const { mode, previewRows, exportFiles, countLater, signal, onProgress } = context.options;
  const preview = mode === 'preview';
  const { pool } = context.host;
  const built = await buildTrainingSet(context.host.database, context.catalog, set, {
    sample: preview ? previewRows : null,
    keep: await kept(context, name),
    countLater: preview && countLater,
    buildPart: partOverPool(context),
    signal,
    onProgress,
    // Engines that wait would keep what the last chunks took.
  }).finally(() => pool?.close());
  context.trainingSets.set(name, built);
  const written = mode === 'whole' && exportFiles && set.export ? await exportBuilt(context, built) : null;
  const result = trainingResult(built, written);
  return { rows: built.rows, columns: built.columns, relation: name, result };
};

/** What a cell tells of a built set. */
export function trainingResult(built: BuiltTrainingSet, written: WrittenExport | null): TrainingResult {
  return {
    file: written?.file ?? null,
    sha256: written?.sha256 ?? null,
    manifest: written?.manifest ?? null,
    sample: built.rows < built.spineRows ? built.rows : null,
    spine_rows: built.spineRows,
    features: built.features,
    ...(built.pending.length > 0 ? { pending: built.pending } : {}),
    means: built.means,
    warnings: [...built.warnings, ...(written?.warnings ?? [])],
  };
}

/** A preview goes on from the last one; a whole run keeps nothing, because its tables may fill the memory. */
async function kept({ builds, host, inputsOf, options, catalog }: RunContext, name: string) {
  if (options.mode !== 'preview') return void (await builds.setAside(host.database, name));
  const build = await builds.take(host.database, name, { anew: !options.reuse });
  return { build, inputs: inputsOf(catalog.trainingSets.get(name)!) };
}
