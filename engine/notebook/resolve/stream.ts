import type { FeatureView } from '../../catalog/model';
import type { ViewDefinition } from '../../catalog/schemas/view';
import type { DefinedCell, Scope } from './scope';

/** The log of a stream view; null where it names none, or none that can be replayed, which is then reported. */
export function resolveStream(
  scope: Scope,
  cell: DefinedCell,
  view: ViewDefinition,
  kind: FeatureView['kind'],
): string | null {
  if (view.stream === undefined) return null;
  const refuse = (message: string, hint: string) => {
    scope.error(cell, ['stream'], 'notebook.schema', message, hint);
    return null;
  };
  if (kind !== 'aggregate')
    return refuse('Only a view of windows has a stream.', 'Give its features windows, or remove `stream`.');
  const log = scope.need(cell, ['stream'], 'source', view.stream, scope.catalog.sources);
  if (log === undefined) return null;
  const missing = (['timestamp', 'available_at'] as const).find(
    (key) => log[key === 'timestamp' ? 'timestamp' : 'availableAt'] === null,
  );
  if (missing === undefined) return log.name;
  return refuse(
    missing === 'timestamp'
      ? `The log \`${log.name}\` has no event time.`
      : `The log \`${log.name}\` does not say when its rows arrived.`,
    `Add \`${missing}: <column>\` to the cell \`${log.name}\`.`,
  );
}
