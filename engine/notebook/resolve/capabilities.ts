import { parseDuration } from '../../catalog/duration';
import { parseInstant } from '../../catalog/instant';
import { computedValues } from '../../catalog/computed-values';
import type { SkewCheck } from '../../catalog/model';
import { valueOf } from '../definition';
import type { CellKind } from '../document';
import { expressionNames } from '../expression-names';
import { projectFor } from './project';
import { resolveRefs, resolveViews } from './refs';
import type { DefinedCell, Scope } from './scope';
import { checkStorable } from './storable';

/** How far apart two numbers may be, with what was left out filled in. */
export function toleranceOf(written: Partial<SkewCheck['tolerance']> | undefined): SkewCheck['tolerance'] {
  return { absolute: written?.absolute ?? 0, relative: written?.relative ?? 1e-9 };
}

export function resolveMaterialize(scope: Scope, cell: DefinedCell): void {
  const written = valueOf(cell.definition, 'materialize');
  if (written === null) return;
  const views = resolveViews(scope, cell, written.views);
  const end = written.end === 'max' ? 'max' : parseInstant(written.end);
  const start = written.start === undefined ? null : parseInstant(written.start);
  if (start !== null && typeof end === 'bigint' && start > end) {
    scope.error(cell, ['start'], 'notebook.schema', '`start` is after `end`.', 'Swap them.');
    return;
  }
  const lifetime = written.expire === undefined ? null : parseDuration(written.expire);
  if (lifetime === 0n) {
    scope.error(
      cell,
      ['expire'],
      'notebook.schema',
      '`expire` is zero.',
      'Leave it out to keep what is written.',
    );
    return;
  }
  if (end === null || views === null) return;
  const { redis, project, incremental = false, replace = 'newer' } = written;
  const { name } = cell.block;
  if (!checkStorable(scope, cell, written)) return;
  const expire = lifetime === null ? null : Number(lifetime / 1_000_000n);
  scope.catalog.materializations.set(name, {
    name,
    views: written.views,
    end,
    start,
    incremental,
    replace,
    expire,
    redis,
    project,
  });
}

/** Enough calls for a p99 that more than one of them decides. */
const CALLS = 200;
const BUDGET_MS = 15;

export function resolveLookup(scope: Scope, cell: DefinedCell): void {
  const lookup = valueOf(cell.definition, 'lookup');
  if (lookup === null) return;
  const features = resolveRefs(scope, cell, lookup.features);
  const project = lookup.project ?? projectFor(scope, cell, lookup.redis);
  if (features === null || project === null) return;
  const keys = new Set<string>();
  const { refs, waves } = computedValues(scope.catalog, features);
  const asked = waves.flat().map(({ feature }) => feature);
  const parameters = new Set(asked.flatMap((feature) => feature.parameters));
  const named = new Set(
    asked.flatMap(({ expression }) => expressionNames(expression).map(({ name }) => name)),
  );
  for (const { view } of refs)
    for (const entity of scope.catalog.views.get(view)?.entities ?? [])
      for (const key of scope.catalog.entities.get(entity)?.joinKeys ?? []) keys.add(key.name);
  let complete = true;
  lookup.entities.forEach((entity, i) => {
    const needed = new Set([...keys, ...parameters]);
    const missing = [...needed].find((key) => !Object.hasOwn(entity, key));
    const extra = Object.keys(entity).find((key) => !needed.has(key) && !named.has(key.toLowerCase()));
    const hint = `The features are found by ${[...needed].map((key) => `\`${key}\``).join(', ')}.`;
    if (missing !== undefined) {
      complete = false;
      const what = keys.has(missing) ? 'join key' : 'request parameter';
      scope.error(cell, ['entities', i], 'notebook.schema', `The ${what} \`${missing}\` is missing.`, hint);
    } else if (extra !== undefined) {
      const message = `\`${extra}\` is no join key of these features; it has no effect.`;
      scope.at(
        cell,
        ['entities', i, extra],
        { severity: 'warning', code: 'notebook.schema', message, hint },
        'key',
      );
    }
  });
  if (!complete) return;
  const { name } = cell.block;
  scope.catalog.lookups.set(name, {
    name,
    redis: lookup.redis,
    project,
    entities: lookup.entities,
    features,
    calls: lookup.calls ?? CALLS,
    budgetMs: lookup.budget_ms ?? BUDGET_MS,
  });
}

/** Kinds of cells whose rows SQL and charts can read by name. */
export const RELATIONS: readonly CellKind[] = ['query', 'source', 'view', 'training-set'];

export function resolveChart(scope: Scope, cell: DefinedCell): void {
  const chart = valueOf(cell.definition, 'chart');
  if (chart === null) return;
  const { data, ...spec } = chart;
  const { sources, views, trainingSets, queries } = scope.catalog;
  if (![sources, views, trainingSets, queries].some((map) => map.has(data))) {
    scope.error(cell, ['data'], 'catalog.unknown_query', ...scope.whyNot(RELATIONS, data, cell));
    return;
  }
  scope.catalog.charts.set(cell.block.name, { name: cell.block.name, data, spec });
}
