import type { Validity } from '../../catalog/model';
import type { ViewDefinition } from '../../catalog/schemas/view';
import type { DefinedCell, Scope } from './scope';

/** The columns between which a dimension's rows hold; null when the view is none, or is wrong, which is then reported. */
export function resolveValidity(scope: Scope, cell: DefinedCell, view: ViewDefinition): Validity | null {
  const { valid_from: from, valid_to: to } = view;
  if (from === undefined && to === undefined) return null;
  const before = scope.diagnostics.length;
  const wrong = (path: string[], message: string, hint: string) =>
    scope.error(cell, path, 'notebook.schema', message, hint);
  if (to === undefined)
    wrong(
      ['valid_from'],
      '`valid_from` stands without `valid_to`.',
      'Add the column where a row ceases to hold.',
    );
  if (from === undefined)
    wrong(
      ['valid_to'],
      '`valid_to` stands without `valid_from`.',
      'Add the column where a row begins to hold.',
    );
  if (from !== undefined && from === to)
    wrong(['valid_to'], `A row cannot begin and cease to hold at \`${to}\`.`, 'Name two columns.');
  if (view.ttl !== undefined)
    wrong(
      ['ttl'],
      '`ttl` has no place beside `valid_from`.',
      'Remove it: `valid_to` says how long a row holds.',
    );
  if (view.created_timestamp !== undefined)
    wrong(
      ['created_timestamp'],
      '`created_timestamp` has no place beside `valid_from`.',
      'Remove it: the intervals of a key may not overlap, so there is no tie to decide.',
    );
  return from === undefined || to === undefined || scope.diagnostics.length > before ? null : { from, to };
}
