import { parseDuration } from '../../catalog/duration';
import { parseInstant } from '../../catalog/instant';
import type { DriftCheck, FeatureRef, TrainingSet } from '../../catalog/model';
import { nameSuggestion } from '../../catalog/names';
import type { DriftDefinition } from '../../catalog/schemas/drift';
import { valueOf } from '../definition';
import type { DefinedCell, Scope } from './scope';

export function resolveDrift(scope: Scope, cell: DefinedCell): void {
  const drift = valueOf(cell.definition, 'drift');
  if (drift === null) return;
  const { trainingSets, sources } = scope.catalog;
  const set = scope.need(cell, ['training_set'], 'training-set', drift.training_set, trainingSets);
  const source =
    drift.source === undefined ? null : scope.need(cell, ['source'], 'source', drift.source, sources);
  const every = parseDuration(drift.every) ?? 0n;
  const reference = referenceOf(scope, cell, drift);
  if (every === 0n)
    scope.error(cell, ['every'], 'notebook.schema', '`every` must be longer than 0.', 'For instance `1d`.');
  if (drift.timestamp !== undefined && drift.source === undefined) {
    const message = '`timestamp` has no meaning without `source`.';
    scope.error(cell, ['timestamp'], 'notebook.schema', message, 'Remove it.');
    return;
  }
  if (set === undefined || source === undefined || every === 0n || reference === undefined) return;
  const features = featuresOf(scope, cell, set, drift.features);
  if (features === null) return;
  scope.catalog.drifts.set(cell.block.name, {
    name: cell.block.name,
    trainingSet: set.name,
    source: source === null ? null : { name: source.name, timestamp: drift.timestamp ?? null },
    every,
    reference,
    features,
    lines: {
      psi: drift.psi ?? 0.25,
      ks: drift.ks ?? null,
      nullRate: drift.null_rate ?? null,
      defaultRate: drift.default_rate ?? null,
    },
    fail: drift.fail ?? false,
  });
}

/** undefined where it ends before it begins, which is then reported. */
function referenceOf(
  scope: Scope,
  cell: DefinedCell,
  { reference }: DriftDefinition,
): DriftCheck['reference'] | undefined {
  if (reference === undefined) return null;
  const [start, end] = [parseInstant(reference.start) ?? 0n, parseInstant(reference.end) ?? 0n];
  if (start < end) return { start, end };
  const message = 'The reference ends before it begins.';
  scope.error(cell, ['reference', 'end'], 'notebook.schema', message, 'The end is exclusive.');
  return undefined;
}

/** The watched features in the order of the set; null when one is none of the set's, which is then reported. */
function featuresOf(
  scope: Scope,
  cell: DefinedCell,
  set: TrainingSet,
  written: readonly string[] | undefined,
): FeatureRef[] | null {
  if (written === undefined) return set.features;
  const isNamed = (ref: FeatureRef, text: string): boolean =>
    text === ref.column || text === `${ref.view}:${ref.feature}`;
  let sound = true;
  written.forEach((text, index) => {
    if (set.features.some((ref) => isNamed(ref, text))) return;
    sound = false;
    const columns = set.features.map(({ column }) => column);
    const message = `The training set \`${set.name}\` has no feature \`${text}\`.`;
    const hint = nameSuggestion(text, columns, 'Add it to the training set.');
    scope.error(cell, ['features', index], 'catalog.unknown_feature', message, hint);
  });
  return sound ? set.features.filter((ref) => written.some((text) => isNamed(ref, text))) : null;
}
