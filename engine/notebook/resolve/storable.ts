import { toPlumblineError } from '../../errors';
import { keyType } from '../../online/entity-key';
import { checkFieldCollisions } from '../../online/hash-field';
import { onlineView } from '../../online/online-view';
import type { DefinedCell, Scope } from './scope';

/**
 * Reports views that the online store cannot hold: join keys of other types than Feast's readers share, and fields that
 * would overwrite each other, also those of what other cells write to the same project. Gives whether all is well.
 */
export function checkStorable(
  scope: Scope,
  cell: DefinedCell,
  written: { views: readonly string[]; redis: string; project: string },
): boolean {
  const { redis, project } = written;
  const before = [...scope.catalog.materializations.values()]
    .filter((other) => other.redis === redis && other.project === project)
    .flatMap((other) => other.views);
  const known = before.filter((view) => !written.views.includes(view));
  const stored = [...new Set(known)].map((view) => onlineView(scope.catalog, view));
  let sound = true;
  written.views.forEach((name, index) => {
    const view = onlineView(scope.catalog, name);
    try {
      for (const key of view.joinKeys) keyType(key.name, key.type);
      checkFieldCollisions([...stored, view]);
      stored.push(view);
    } catch (thrown) {
      const { code, message, hint } = toPlumblineError(thrown);
      scope.error(cell, ['views', index], code, message, hint);
      sound = false;
    }
  });
  return sound;
}
