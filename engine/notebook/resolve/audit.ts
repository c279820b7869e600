import type { AuditCheck, TrainingSet } from '../../catalog/model';
import { neededColumns } from '../../catalog/needed-columns';
import { nameSuggestion } from '../../catalog/names';
import { valueOf } from '../definition';
import { toleranceOf } from './capabilities';
import { splitRef } from './refs';
import type { DefinedCell, Scope } from './scope';

export function resolveAudit(scope: Scope, cell: DefinedCell): void {
  const audit = valueOf(cell.definition, 'audit');
  if (audit === null) return;
  const set = scope.need(
    cell,
    ['training_set'],
    'training-set',
    audit.training_set,
    scope.catalog.trainingSets,
  );
  if (set === undefined) return;
  const columns = columnsOf(scope, cell, set, audit.columns ?? {});
  const keys = audit.keys ?? {};
  if (columns === null || !checkKeys(scope, cell, set, keys)) return;
  scope.catalog.audits.set(cell.block.name, {
    name: cell.block.name,
    file: audit.file,
    trainingSet: set.name,
    columns,
    timestamp: audit.timestamp ?? null,
    keys,
    tolerance: toleranceOf(audit.tolerance),
    limit: audit.limit ?? 0,
  });
}

/** The features that columns of the file are said to hold; null when one of them is not of the set. */
function columnsOf(
  scope: Scope,
  cell: DefinedCell,
  set: TrainingSet,
  written: Readonly<Record<string, string>>,
): AuditCheck['columns'] | null {
  const found: AuditCheck['columns'] = [];
  let sound = true;
  for (const [column, ref] of Object.entries(written)) {
    const path = ['columns', column];
    const split = splitRef(scope, cell, ref, path);
    sound &&= split !== null;
    if (split === null) continue;
    const same = (other: { view: string; feature: string }) =>
      other.view === split.view && other.feature === split.feature;
    if (!set.features.some(same)) {
      const refs = set.features.map(({ view, feature }) => `${view}:${feature}`);
      const hint = nameSuggestion(ref, refs, 'Add it to the training set.');
      const message = `The training set \`${set.name}\` has no feature \`${ref}\`.`;
      scope.error(cell, path, 'catalog.unknown_feature', message, hint);
      sound = false;
    } else if (found.some(same)) {
      const message = `\`${ref}\` is the feature of two columns.`;
      scope.error(cell, path, 'catalog.name_collision', message, 'Remove one.');
      sound = false;
    } else found.push({ column, ...split });
  }
  return sound ? found : null;
}

function checkKeys(
  scope: Scope,
  cell: DefinedCell,
  set: TrainingSet,
  keys: Readonly<Record<string, string>>,
): boolean {
  const known = new Set(neededColumns(scope.catalog, set.features).keys.map((key) => key.name));
  const wrong = Object.keys(keys).filter((key) => !known.has(key));
  for (const key of wrong) {
    const message = `\`${key}\` is no join key of the features of \`${set.name}\`.`;
    const hint = nameSuggestion(key, [...known], 'Remove it.');
    scope.at(cell, ['keys', key], { severity: 'error', code: 'notebook.schema', message, hint }, 'key');
  }
  return wrong.length === 0;
}
