import { checkManifest } from '../training/manifest';
import { describeRun, exportTrainingSet } from '../training/export';
import type { BuiltTrainingSet } from '../training/training-set';
import { PlumblineError } from '../errors';
import type { WorkspaceFiles } from '../ports';
import type { RunContext } from './context';
import { manifestSources } from './manifest-sources';

export interface WrittenExport {
  file: string;
  sha256: string;
  manifest: string;
  warnings: string[];
}

/**
 * Writes a built training set where its cell says, or into the host's export folder under the same file name. With
 * `checkManifest` an earlier manifest must be repeated: `export.mismatch` says what differs, and nothing is written.
 */
export async function exportBuilt(context: RunContext, built: BuiltTrainingSet): Promise<WrittenExport> {
  const target = built.set.export;
  if (!target)
    throw new PlumblineError('export.failed', `${built.set.name} names no file to export to.`, {
      hint: 'Add export: { file: out/<name>.parquet } to the cell.',
    });
  const { host, options } = context;
  const files = host.exports ?? host.files;
  const file = host.exports ? (target.file.split('/').pop() ?? target.file) : target.file;
  const inputs = {
    catalog: context.catalog,
    sources: await manifestSources(context, built.set.name),
    version: host.version,
    compression: target.compression,
  };
  if (options.checkManifest) await refuseDifference(context, built, files, file, inputs);
  const written = await exportTrainingSet(host.database, host.writer, files, built, {
    ...inputs,
    file,
    reader: host.reader,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  return { file: written.file, sha256: written.sha256, manifest: written.manifestFile, warnings: [] };
}

async function refuseDifference(
  context: RunContext,
  built: BuiltTrainingSet,
  files: WorkspaceFiles,
  file: string,
  inputs: Parameters<typeof describeRun>[2],
): Promise<void> {
  const earlier = new TextDecoder().decode(await files.read(`${file}.manifest.json`));
  const now = await describeRun(context.host.database, built, inputs);
  const differences = checkManifest(earlier, now);
  if (differences.length === 0) return;
  throw new PlumblineError(
    'export.mismatch',
    `${built.set.name} is not what ${file}.manifest.json recorded.`,
    {
      hint: differences.map((difference) => difference.message).join('; '),
    },
  );
}
