import { isName, nameHint } from '../../catalog/names';
import { valueOf } from '../definition';
import type { DefinedCell, Scope } from './scope';

export function resolveSource(scope: Scope, cell: DefinedCell): void {
  const source = valueOf(cell.definition, 'source');
  if (source === null) return;
  if (source.available_at !== undefined && source.available_at === source.timestamp) {
    const hint = 'Remove the key: without it a row counts from its event time on.';
    scope.error(cell, ['available_at'], 'notebook.schema', '`available_at` is the event time itself.', hint);
    return;
  }
  const { name } = cell.block;
  scope.catalog.sources.set(name, {
    name,
    files: source.files,
    timestamp: source.timestamp ?? null,
    availableAt: source.available_at ?? null,
    description: source.description ?? '',
  });
}

export function resolveEntity(scope: Scope, cell: DefinedCell): void {
  const entity = valueOf(cell.definition, 'entity');
  if (entity === null) return;
  const joinKeys = Object.entries(entity.join_keys).map(([name, type]) => ({ name, type }));
  if (joinKeys.length === 0) {
    scope.error(
      cell,
      ['join_keys'],
      'notebook.schema',
      '`join_keys` names no column.',
      'Write `{ user_id: int64 }`.',
    );
    return;
  }
  const reserved = joinKeys.find((key) => key.name.startsWith('__'));
  if (reserved !== undefined && !isName(reserved.name)) {
    scope.error(
      cell,
      ['join_keys', reserved.name],
      'notebook.schema',
      `\`${reserved.name}\` cannot be a join key.`,
      nameHint(reserved.name),
    );
    return;
  }
  const { name } = cell.block;
  scope.catalog.entities.set(name, { name, joinKeys, description: entity.description ?? '' });
}
