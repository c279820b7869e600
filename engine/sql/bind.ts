import { computedValues } from '../catalog/computed-values';
import type { Catalog, FeatureView, TrainingSet } from '../catalog/model';
import { logView } from '../catalog/stream-view';
import { type ColumnInfo, type Database, sourceTable } from '../database/database';
import { toPlumblineError } from '../errors';
import type { BindCache, Bound } from './bind-cache';
import { bindOnDemand } from './bind-on-demand';
import { type BindPart, bindPartsOf } from './bind-part';
import { type BindProblem, missing, names, problem, refusal, shift } from './bind-problem';
import { bindTimes } from './bind-times';
import { checkSelect, withoutFinalSemicolon } from './expression';
import { relation } from './quote';

/**
 * Binds every column, expression, query and default of a catalog against the loaded sources; runs nothing. Each
 * answer is cached by text and schema, so that an edit binds only what changed. A source that is not loaded is
 * passed over together with what reads it. `queries` whose relations do not exist yet are passed over likewise.
 */
export async function bindCatalog(db: Database, catalog: Catalog, cache: BindCache): Promise<BindProblem[]> {
  const problems: BindProblem[] = [];
  const schemas = await cache.schemas(db, [...catalog.sources.keys()]);
  for (const source of catalog.sources.values()) {
    const columns = schemas.get(source.name);
    if (!columns || source.timestamp === null) continue;
    problems.push(...missing(source.name, ['timestamp'], source.timestamp, source.name, columns));
    if (source.availableAt !== null)
      problems.push(...missing(source.name, ['available_at'], source.availableAt, source.name, columns));
  }
  for (const view of catalog.views.values()) {
    const columns = schemas.get(view.source);
    if (!columns) continue;
    const found = await bindView(db, catalog, view, columns, cache);
    problems.push(...found);
    const logged = view.stream ? schemas.get(view.stream) : undefined;
    if (logged) problems.push(...(await bindLog(db, catalog, view, logged, found, cache)));
  }
  const spines = new Map<string, readonly ColumnInfo[]>();
  for (const set of catalog.trainingSets.values()) {
    const spine = await bindQuery(db, catalog, set.spineSql, schemas, cache);
    if (spine.columns) spines.set(set.name, spine.columns);
    problems.push(...bindTrainingSet(catalog, set, spine));
  }
  problems.push(...(await bindOnDemand(db, catalog, spines, cache)));
  for (const query of catalog.queries.values()) {
    const found = await bindQuery(db, catalog, query.sql, schemas, cache);
    if (found.error) problems.push(problem(query.name, [], query.sql, found.error, []));
  }
  return problems;
}

async function bindView(
  db: Database,
  catalog: Catalog,
  view: FeatureView,
  columns: readonly ColumnInfo[],
  cache: BindCache,
): Promise<BindProblem[]> {
  const problems = bindTimes(view, columns);
  if (view.createdTimestamp !== null)
    problems.push(...missing(view.name, ['created_timestamp'], view.createdTimestamp, view.source, columns));
  for (const entity of view.entities)
    for (const key of catalog.entities.get(entity)?.joinKeys ?? [])
      problems.push(...missing(view.name, ['entity'], key.name, view.source, columns));
  const parts = view.features.flatMap((feature) =>
    bindPartsOf(feature).map((part) => ({ ...part, path: ['features', feature.name, ...part.path] })),
  );
  const sound = parts.filter((part) => {
    const found =
      part.column === undefined
        ? refusal(view.name, part)
        : missing(view.name, part.path, part.column, view.source, columns);
    problems.push(...found);
    return found.length === 0;
  });
  const from = relation(sourceTable(view.source));
  for (const aggregate of [false, true]) {
    const errors = await cache.bindAll(
      db,
      from,
      columns,
      sound.filter((part) => part.aggregate === aggregate),
    );
    for (const [part, error] of errors)
      problems.push(
        problem(view.name, part.path, part.text, shift(error, part, from), names(columns), view.source),
      );
  }
  return inOrder(problems, parts);
}

/**
 * What of a stream view binds to its source but not to its log, told at the log's name. The log's own times are the
 * matter of its own cell.
 */
async function bindLog(
  db: Database,
  catalog: Catalog,
  view: FeatureView,
  columns: readonly ColumnInfo[],
  overSource: readonly BindProblem[],
  cache: BindCache,
): Promise<BindProblem[]> {
  const log = logView(catalog, view.name).view;
  const place = ({ path }: BindProblem): string => path.join('/');
  const known = new Set(['timestamp', ...overSource.map(place)]);
  const problems = await bindView(db, catalog, log, columns, cache);
  const first = problems.find((found) => !known.has(place(found)));
  return first ? [{ ...first, path: ['stream'], offset: 0, length: log.source.length }] : [];
}

/** By place in the definition, and one problem for each place. */
function inOrder(problems: readonly BindProblem[], parts: readonly BindPart[]): BindProblem[] {
  const place = (found: BindProblem): string => found.path.join('/');
  const order = parts.map((part) => part.path.join('/'));
  return problems
    .filter((found, index) => problems.findIndex((other) => place(other) === place(found)) === index)
    .sort((left, right) => order.indexOf(place(left)) - order.indexOf(place(right)));
}

function bindTrainingSet(catalog: Catalog, set: TrainingSet, spine: Bound): BindProblem[] {
  if (spine.error) return [problem(set.name, ['spine', 'sql'], set.spineSql, spine.error, [])];
  const { columns } = spine;
  if (!columns) return [];
  const where = `the spine of ${set.name}`;
  const problems = missing(set.name, ['timestamp'], set.timestamp, where, columns);
  if (set.label !== null) problems.push(...missing(set.name, ['label'], set.label, where, columns));
  for (const [index, ref] of set.features.entries()) {
    const { refs, waves } = computedValues(catalog, [ref]);
    const entities = new Set(refs.flatMap(({ view }) => catalog.views.get(view)?.entities ?? []));
    const keys = [...entities].flatMap((entity) => catalog.entities.get(entity)?.joinKeys ?? []);
    const parameters = waves.flat().flatMap(({ feature }) => feature.parameters);
    for (const name of new Set([...keys.map((key) => key.name), ...parameters]))
      problems.push(...missing(set.name, ['features', index], name, where, columns));
  }
  return problems;
}

/** Binds a whole query. Neither columns nor error: it reads something that is not there yet. */
async function bindQuery(
  db: Database,
  catalog: Catalog,
  sql: string,
  schemas: ReadonlyMap<string, ColumnInfo[]>,
  cache: BindCache,
): Promise<Bound> {
  try {
    checkSelect(sql);
  } catch (thrown) {
    return { error: toPlumblineError(thrown) };
  }
  const readable = [...schemas].flatMap(([source, columns]) =>
    columns.map(({ name, type }) => ({ name: `${source}.${name}`, type })),
  );
  const found = await cache.describe(db, withoutFinalSemicolon(sql), readable);
  const absent = /Table with name (\w+) does not exist/.exec(found.error?.message ?? '')?.[1];
  if (absent !== undefined && isDefined(catalog, absent)) return {};
  return found;
}

function isDefined(catalog: Catalog, name: string): boolean {
  return [catalog.sources, catalog.views, catalog.trainingSets, catalog.queries].some((map) => map.has(name));
}
