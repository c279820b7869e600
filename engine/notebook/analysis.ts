import type { Catalog } from '../catalog/model';
import type { ErrorPlace } from '../errors';
import { checkCells } from './check-cells';
import { readDefinition } from './definition';
import { dependencyGraph, type DependencyGraph } from './dependencies';
import { inBody } from './diagnostic';
import type { CellBlock, CellKind, Diagnostic, NotebookDocument } from './document';
import { hash } from './fingerprint';
import { checkIncludes } from './includes';
import { resolveAudit } from './resolve/audit';
import { resolveBackfill } from './resolve/backfill';
import { resolveChart, resolveLookup, resolveMaterialize } from './resolve/capabilities';
import { resolveReplay } from './resolve/replay';
import { resolveDrift } from './resolve/drift';
import { Scope, type DefinedCell } from './resolve/scope';
import { resolveSkew } from './resolve/skew';
import { resolveEntity, resolveSource } from './resolve/source';
import { resolveQuery, resolveTrainingSet } from './resolve/sql';
import { resolveView } from './resolve/view';
import { namesInExpressions, writtenFeatures } from './written-features';
import type { YamlPath } from './yaml-body';
import { rangeAt, rangeInside } from './yaml-place';

/** What a notebook and its includes mean. Immutable; made anew on each edit. */
export interface Analysis {
  /** Every definition without error. */
  catalog: Catalog;
  /** Findings about cells and includes; those of `parseNotebook` (file, front matter, fences) are not repeated. */
  diagnostics: readonly Diagnostic[];
  /** Cells of a known kind by name, those with errors too: where each is defined. */
  cells: ReadonlyMap<string, { file: string; block: CellBlock }>;
  /** The cells that a cell reads directly. */
  dependencies: ReadonlyMap<string, readonly string[]>;
  /** Equal as long as the cell and everything that it depends on mean the same. */
  fingerprints: ReadonlyMap<string, string>;
  /** Equal as long as the cell's own text means the same, whatever it depends on. */
  ownFingerprints: ReadonlyMap<string, string>;
  /**
   * The place in the notebook file of what `path` names in a cell's YAML; with `range`, of that stretch of the
   * scalar's text (UTF-16 units). For a query cell the path is `[]` and the range counts in its body. A path
   * that is not there gives the deepest part of it that is; an unknown cell gives its name alone.
   */
  locate(cell: string, path: YamlPath, range?: { offset: number; length: number }): ErrorPlace;
}

const RESOLVE: Record<CellKind, (scope: Scope, cell: DefinedCell) => void> = {
  source: resolveSource,
  entity: resolveEntity,
  view: resolveView,
  query: resolveQuery,
  'training-set': resolveTrainingSet,
  skew: resolveSkew,
  drift: resolveDrift,
  audit: resolveAudit,
  materialize: resolveMaterialize,
  backfill: resolveBackfill,
  replay: resolveReplay,
  lookup: resolveLookup,
  chart: resolveChart,
};

/**
 * Resolves the names of a notebook. `documents[0]` is the notebook, the others are what it includes. Never
 * throws. Reading a cell's body is cached by its text, so that an edit costs the reading of one cell.
 */
export function analyse(documents: readonly NotebookDocument[]): Analysis {
  const checked = checkCells(documents);
  const cells = new Map<string, DefinedCell>();
  for (const [name, cell] of checked.cells)
    cells.set(name, { ...cell, definition: readDefinition(cell.block) });
  const graph = dependencyGraph(cells);
  const scope = new Scope(cells);
  for (const cell of cells.values()) reportBody(scope, cell);
  reportCycles(scope, graph);
  for (const name of graph.order) {
    const cell = cells.get(name);
    if (cell !== undefined) RESOLVE[cell.block.kind as CellKind](scope, cell);
  }
  return {
    catalog: inOrder(scope),
    diagnostics: sorted(
      [...checkIncludes(documents), ...checked.diagnostics, ...scope.diagnostics],
      documents,
    ),
    cells: checked.cells,
    dependencies: graph.edges,
    fingerprints: fingerprintsOf(cells, graph),
    ownFingerprints: new Map([...cells].map(([name, cell]) => [name, cell.definition.fingerprint])),
    locate: (cell, path, range) => locate(cells.get(cell), cell, path, range),
  };
}

function reportBody(scope: Scope, cell: DefinedCell): void {
  const { yaml, issues } = cell.definition;
  for (const problem of yaml?.problems ?? []) {
    const { message, hint } = problem;
    const finding = { severity: 'error', code: 'notebook.yaml', message, hint } as const;
    scope.diagnostics.push(inBody(cell.file, cell.block, finding, problem));
  }
  for (const { severity, path, at, message, hint } of issues)
    scope.at(cell, path, { severity, code: 'notebook.schema', message, hint }, at);
}

function reportCycles(scope: Scope, graph: DependencyGraph): void {
  for (const cycle of graph.cycles) {
    const around = [...cycle, cycle[0]].map((name) => `\`${name}\``).join(' reads ');
    cycle.forEach((name, i) => {
      const cell = scope.cells.get(name);
      const next = cycle[(i + 1) % cycle.length];
      const found = cell === undefined ? null : mentionOf(cell, next!, scope);
      if (cell === undefined || found === null) return;
      const finding = {
        severity: 'error',
        code: 'catalog.cycle',
        message: `The cells go in a circle: ${around}.`,
        hint: 'Take one of the names out of its SQL.',
      } as const;
      scope.inside(cell, found.path, finding, found.place);
    });
  }
}

/** Where a cell's SQL, or one of its on-demand expressions, names something of the cell `next`. */
function mentionOf(
  cell: DefinedCell,
  next: string,
  scope: Scope,
): { path: YamlPath; place: { start: number; end: number } } | null {
  const mention = cell.definition.sql?.names.find((candidate) => candidate.name === next);
  if (mention !== undefined)
    return { path: cell.block.kind === 'query' ? [] : ['spine', 'sql'], place: mention };
  const features = writtenFeatures(scope.cells.values());
  for (const [feature, names] of namesInExpressions(cell.definition))
    for (const { name, places } of names)
      if (features.get(name)?.some(({ view }) => view === next))
        return { path: ['features', feature, 'expression'], place: places[0]! };
  return null;
}

/** The catalog with its maps in the order of the notebook, whatever the order of resolving. */
function inOrder(scope: Scope): Catalog {
  const order = new Map([...scope.cells.keys()].map((name, i) => [name, i]));
  const arranged = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
  const { catalog } = scope;
  return {
    sources: arranged(catalog.sources),
    entities: arranged(catalog.entities),
    views: arranged(catalog.views),
    onDemandViews: arranged(catalog.onDemandViews),
    trainingSets: arranged(catalog.trainingSets),
    skews: arranged(catalog.skews),
    drifts: arranged(catalog.drifts),
    audits: arranged(catalog.audits),
    materializations: arranged(catalog.materializations),
    backfills: arranged(catalog.backfills),
    replays: arranged(catalog.replays),
    lookups: arranged(catalog.lookups),
    queries: arranged(catalog.queries),
    charts: arranged(catalog.charts),
  };
}

function sorted(diagnostics: Diagnostic[], documents: readonly NotebookDocument[]): Diagnostic[] {
  const order = new Map(documents.map((document, i) => [document.file, i]));
  return diagnostics.sort(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
}

function fingerprintsOf(
  cells: ReadonlyMap<string, DefinedCell>,
  graph: DependencyGraph,
): Map<string, string> {
  const prints = new Map<string, string>();
  for (const name of graph.order) {
    const upstream = (graph.edges.get(name) ?? [])
      .toSorted()
      .map((other) => `${other}=${prints.get(other) ?? ''}`);
    prints.set(name, hash([name, cells.get(name)?.definition.fingerprint, ...upstream].join('\n')));
  }
  for (const [name, cell] of cells)
    if (!prints.has(name)) prints.set(name, hash(`${name}\n${cell.definition.fingerprint}\ncircle`));
  return prints;
}

function locate(
  cell: DefinedCell | undefined,
  name: string,
  path: YamlPath,
  range: { offset: number; length: number } | undefined,
): ErrorPlace {
  if (cell === undefined) return { cell: name };
  const { yaml } = cell.definition;
  const body = { start: range?.offset ?? 0, end: (range?.offset ?? 0) + (range?.length ?? 1) };
  const found =
    yaml === null
      ? body
      : range === undefined
        ? rangeAt(yaml, path, 'value')
        : rangeInside(yaml, path, range);
  const finding = { severity: 'error', code: 'internal', message: '' } as const;
  const { line, column, endLine, endColumn } = inBody(cell.file, cell.block, finding, found);
  return { file: cell.file, cell: name, line, column, endLine, endColumn };
}
