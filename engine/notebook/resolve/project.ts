import type { YamlPath } from '../yaml-body';
import { valueOf } from '../definition';
import type { DefinedCell, Scope } from './scope';

/** The project of the materialize cells of the same Redis, when they agree on one. */
export function projectFor(
  scope: Scope,
  cell: DefinedCell,
  redis: string,
  path: YamlPath = [],
): string | null {
  const projects = new Set<string>();
  for (const other of scope.cells.values()) {
    const written = valueOf(other.definition, 'materialize');
    if (written?.redis === redis) projects.add(written.project);
  }
  const [project] = projects;
  if (project !== undefined && projects.size === 1) return project;
  const message =
    projects.size === 0
      ? `No materialize cell writes to \`${redis}\`, so the project is not known.`
      : `Materialize cells write to \`${redis}\` under ${projects.size} projects.`;
  scope.at(cell, path, {
    severity: 'error',
    code: 'notebook.schema',
    message,
    hint: 'Add `project: <name>`.',
  });
  return null;
}
