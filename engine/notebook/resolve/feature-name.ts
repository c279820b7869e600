import { isName, nameHint } from '../../catalog/names';
import type { DefinedCell, Scope } from './scope';

/** Whether a feature may have its name, beside the columns that its view has anyway; reports why not. */
export function goodName(
  scope: Scope,
  cell: DefinedCell,
  name: string,
  columns: readonly (string | undefined)[],
): boolean {
  const at = ['features', name];
  if (!isName(name)) {
    const message = `\`${name}\` cannot be the name of a feature.`;
    scope.at(cell, at, { severity: 'error', code: 'notebook.schema', message, hint: nameHint(name) }, 'key');
    return false;
  }
  if (!columns.includes(name)) return true;
  const message = `The feature \`${name}\` has the name of a join key or of the event time column.`;
  const hint = 'Give the feature another name; `column:` says where it comes from.';
  scope.at(cell, at, { severity: 'error', code: 'catalog.name_collision', message, hint }, 'key');
  return false;
}
