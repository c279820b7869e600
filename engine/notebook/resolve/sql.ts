import { valueOf, type SqlText } from '../definition';
import { mustBeRelation } from '../sql-names';
import type { YamlPath } from '../yaml-body';
import { RELATIONS } from './capabilities';
import { resolveRefs } from './refs';
import type { DefinedCell, Scope } from './scope';

/** Checks SQL against the cells that it reads; false when it cannot run, which is then reported. */
function checkSql(scope: Scope, cell: DefinedCell, path: YamlPath, sql: SqlText): boolean {
  const before = scope.diagnostics.length;
  if (sql.empty)
    scope.error(
      cell,
      path,
      'sql.syntax',
      'There is no SQL here.',
      'Write a SELECT over sources, views or queries.',
    );
  for (const finding of sql.findings) {
    const { start, end, ...rest } = finding;
    scope.inside(cell, path, rest, { start, end });
  }
  for (const name of sql.names) {
    if (!mustBeRelation(name) || isResolved(scope, name.name)) continue;
    const [message, hint] = scope.whyNot(RELATIONS, name.name, cell);
    scope.inside(cell, path, { severity: 'error', code: 'catalog.unknown_query', message, hint }, name);
  }
  return scope.diagnostics.length === before;
}

function isResolved(scope: Scope, name: string): boolean {
  const { sources, views, trainingSets, queries } = scope.catalog;
  return [sources, views, trainingSets, queries].some((map) => map.has(name));
}

export function resolveQuery(scope: Scope, cell: DefinedCell): void {
  const { sql } = cell.definition;
  if (sql === null || !checkSql(scope, cell, [], sql)) return;
  scope.catalog.queries.set(cell.block.name, { name: cell.block.name, sql: sql.text });
}

export function resolveTrainingSet(scope: Scope, cell: DefinedCell): void {
  const set = valueOf(cell.definition, 'training-set');
  const { sql } = cell.definition;
  if (set === null || sql === null) return;
  const runs = checkSql(scope, cell, ['spine', 'sql'], sql);
  const features = resolveRefs(scope, cell, set.features);
  if (!runs || features === null) return;
  scope.catalog.trainingSets.set(cell.block.name, {
    name: cell.block.name,
    spineSql: sql.text,
    timestamp: set.timestamp,
    label: set.label ?? null,
    features,
    export:
      set.export === undefined
        ? null
        : { file: set.export.file, compression: set.export.compression ?? 'zstd' },
  });
}
