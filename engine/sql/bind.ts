import type { Catalog, FeatureView, TrainingSet } from '../catalog/model';
import { nearest } from '../catalog/names';
import { type ColumnInfo, type Database, sourceTable } from '../database/database';
import { type ErrorCode, PlumblineError, toPlumblineError } from '../errors';
import { type BindCache, partStatement } from './bind-cache';
import { type BindPart, bindPartsOf } from './bind-part';
import { checkScalar, checkSelect, withoutFinalSemicolon } from './expression';
import { relation } from './quote';
import { scan, type Token } from './scan';

/** A definition that does not bind. `offset` and `length` count characters in the text at `path` of the cell. */
export interface BindProblem {
  cell: string;
  /** Where in the cell's YAML: `['features', 'rate', 'ratio', 'of', 'where']`. Empty for an SQL cell's body. */
  path: (string | number)[];
  offset: number;
  length: number;
  code: ErrorCode;
  message: string;
  hint: string;
}

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
    if (columns) problems.push(...(await bindView(db, catalog, view, columns, cache)));
  }
  for (const set of catalog.trainingSets.values())
    problems.push(...(await bindTrainingSet(db, catalog, set, schemas, cache)));
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
  const problems = missing(view.name, ['timestamp'], view.timestamp, view.source, columns);
  if (view.createdTimestamp !== null)
    problems.push(...missing(view.name, ['created_timestamp'], view.createdTimestamp, view.source, columns));
  for (const entity of view.entities)
    for (const key of catalog.entities.get(entity)?.joinKeys ?? [])
      problems.push(...missing(view.name, ['entity'], key.name, view.source, columns));
  const parts = view.features.flatMap((feature) =>
    bindPartsOf(feature).map((part) => ({ ...part, path: ['features', feature.name, ...part.path] })),
  );
  const sound = parts.filter((part) => {
    const found = refuse(view, part, columns);
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

/** What can be said of a part without binding it. */
function refuse(view: FeatureView, part: BindPart, columns: readonly ColumnInfo[]): BindProblem[] {
  if (part.problem !== undefined) {
    const error = new PlumblineError('catalog.type_mismatch', part.problem, {
      hint: 'Change the default or the type.',
    });
    return [problem(view.name, part.path, part.text, error, [])];
  }
  if (part.column !== undefined) return missing(view.name, part.path, part.column, view.source, columns);
  if (!part.checked) return [];
  try {
    checkScalar(part.text);
    return [];
  } catch (thrown) {
    return [problem(view.name, part.path, part.text, toPlumblineError(thrown), [])];
  }
}

/** By place in the definition, and one problem for each place. */
function inOrder(problems: readonly BindProblem[], parts: readonly BindPart[]): BindProblem[] {
  const place = (found: BindProblem): string => found.path.join('/');
  const order = parts.map((part) => part.path.join('/'));
  return problems
    .filter((found, index) => problems.findIndex((other) => place(other) === place(found)) === index)
    .sort((left, right) => order.indexOf(place(left)) - order.indexOf(place(right)));
}

async function bindTrainingSet(
  db: Database,
  catalog: Catalog,
  set: TrainingSet,
  schemas: ReadonlyMap<string, ColumnInfo[]>,
  cache: BindCache,
): Promise<BindProblem[]> {
  const spine = await bindQuery(db, catalog, set.spineSql, schemas, cache);
  if (spine.error) return [problem(set.name, ['spine', 'sql'], set.spineSql, spine.error, [])];
  if (!spine.columns) return [];
  const where = `the spine of ${set.name}`;
  const problems = missing(set.name, ['timestamp'], set.timestamp, where, spine.columns);
  if (set.label !== null) problems.push(...missing(set.name, ['label'], set.label, where, spine.columns));
  for (const [index, ref] of set.features.entries())
    for (const entity of catalog.views.get(ref.view)?.entities ?? [])
      for (const key of catalog.entities.get(entity)?.joinKeys ?? [])
        problems.push(...missing(set.name, ['features', index], key.name, where, spine.columns));
  return problems;
}

/** Binds a whole query. Neither columns nor error: it reads something that is not there yet. */
async function bindQuery(
  db: Database,
  catalog: Catalog,
  sql: string,
  schemas: ReadonlyMap<string, ColumnInfo[]>,
  cache: BindCache,
): Promise<{ columns?: ColumnInfo[]; error?: PlumblineError }> {
  try {
    checkSelect(sql);
  } catch (thrown) {
    return { error: toPlumblineError(thrown) };
  }
  const found = await cache.describe(db, withoutFinalSemicolon(sql), [...schemas.values()].flat());
  const absent = /Table with name (\w+) does not exist/.exec(found.error?.message ?? '')?.[1];
  if (absent !== undefined && isDefined(catalog, absent)) return {};
  return found;
}

function isDefined(catalog: Catalog, name: string): boolean {
  return [catalog.sources, catalog.views, catalog.trainingSets, catalog.queries].some((map) => map.has(name));
}

function missing(
  cell: string,
  path: (string | number)[],
  name: string,
  where: string,
  columns: readonly ColumnInfo[],
): BindProblem[] {
  if (columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) return [];
  return [
    {
      cell,
      path,
      offset: 0,
      length: name.length,
      code: 'catalog.unknown_column',
      message: `no column ${name} in ${where}`,
      hint: hintFor(name, names(columns)),
    },
  ];
}

function names(columns: readonly ColumnInfo[]): string[] {
  return columns.map((column) => column.name).filter((name) => !name.startsWith('__'));
}

function hintFor(name: string, candidates: readonly string[]): string {
  const meant = nearest(name, candidates);
  return meant === null ? `It has ${candidates.join(', ')}.` : `did you mean ${meant}?`;
}

function problem(
  cell: string,
  path: (string | number)[],
  text: string,
  error: PlumblineError,
  candidates: readonly string[],
  source?: string,
): BindProblem {
  const unknown = /Referenced column "([^"]+)" (?:not found|was not found)/.exec(error.message)?.[1];
  // A long line is cut around the place, which is then lost: the name itself is still there to be found.
  const named = scan(text).find((token) => unknown !== undefined && bareName(token) === unknown);
  const offset = named?.at ?? Math.min(offsetOf(text, error), text.length);
  const length = lengthAt(text, offset, unknown);
  if (unknown !== undefined && source !== undefined)
    return {
      cell,
      path,
      offset,
      length,
      code: 'catalog.unknown_column',
      message: `no column ${unknown} in ${source}`,
      hint: hintFor(unknown, candidates),
    };
  return { cell, path, offset, length, code: error.code, message: error.message, hint: error.hint ?? '' };
}

/** The error's line and column (from 1) as an offset into the text. */
function offsetOf(text: string, { place }: PlumblineError): number {
  if (place.line === undefined) return 0;
  const before = text.split('\n').slice(0, place.line - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + (place.column ?? 1) - 1;
}

function bareName(token: Token): string {
  return token.kind === 'quoted' ? token.text.slice(1, -1) : token.text;
}

function lengthAt(text: string, offset: number, name: string | undefined): number {
  if (name !== undefined && text.startsWith(name, offset)) return name.length;
  const word = /^(?:[\p{L}\p{N}_]+|"[^"]*")/u.exec(text.slice(offset))?.[0];
  return Math.max(1, word?.length ?? 1);
}

/** Moves an error's place from the statement that bound a part into the user's text. */
function shift(error: PlumblineError, part: BindPart, from: string): PlumblineError {
  const { line, column } = error.place;
  if (line === undefined || column === undefined) return error;
  const before = partStatement(part, from).split(part.sql)[0] + part.sql.slice(0, part.lead);
  const firstLine = before.split('\n').length;
  const firstColumn = before.length - before.lastIndexOf('\n');
  // Later lines of the text were moved right by two.
  const place =
    line === firstLine
      ? { line: 1, column: column - firstColumn + 1 }
      : { line: line - firstLine + 1, column: column - 2 };
  return new PlumblineError(error.code, error.message, {
    hint: error.hint,
    cause: error.cause,
    place: { line: Math.max(1, place.line), column: Math.max(1, place.column) },
  });
}
