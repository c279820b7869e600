import type {
  AuditCheck,
  Backfill,
  Catalog,
  Chart,
  DriftCheck,
  Entity,
  FeatureView,
  LookupRequest,
  Materialization,
  OnDemandView,
  Query,
  Replay,
  SkewCheck,
  Source,
  TrainingSet,
} from '../../catalog/model';
import { nameSuggestion } from '../../catalog/names';
import type { ErrorCode } from '../../errors';
import type { CellDefinition } from '../definition';
import { inBody, type Finding } from '../diagnostic';
import type { CellBlock, CellKind, Diagnostic } from '../document';
import type { YamlPath } from '../yaml-body';
import { rangeAt, rangeInside } from '../yaml-place';

/** A cell with its file and what its body says. */
export interface DefinedCell {
  file: string;
  block: CellBlock;
  definition: CellDefinition;
}

/** A catalog while it is being made. */
export interface MutableCatalog extends Catalog {
  sources: Map<string, Source>;
  entities: Map<string, Entity>;
  views: Map<string, FeatureView>;
  onDemandViews: Map<string, OnDemandView>;
  trainingSets: Map<string, TrainingSet>;
  skews: Map<string, SkewCheck>;
  drifts: Map<string, DriftCheck>;
  audits: Map<string, AuditCheck>;
  materializations: Map<string, Materialization>;
  backfills: Map<string, Backfill>;
  replays: Map<string, Replay>;
  lookups: Map<string, LookupRequest>;
  queries: Map<string, Query>;
  charts: Map<string, Chart>;
}

export function emptyCatalog(): MutableCatalog {
  return {
    sources: new Map(),
    entities: new Map(),
    views: new Map(),
    onDemandViews: new Map(),
    trainingSets: new Map(),
    skews: new Map(),
    drifts: new Map(),
    audits: new Map(),
    materializations: new Map(),
    backfills: new Map(),
    replays: new Map(),
    lookups: new Map(),
    queries: new Map(),
    charts: new Map(),
  };
}

const WORDS: Record<CellKind, string> = {
  source: 'a source',
  entity: 'an entity',
  view: 'a view',
  'training-set': 'a training set',
  skew: 'a skew check',
  drift: 'a drift check',
  audit: 'an audit',
  materialize: 'a materialize cell',
  backfill: 'a backfill',
  replay: 'a replay',
  lookup: 'a lookup',
  query: 'a query',
  chart: 'a chart',
};

/** What resolving one cell may see and say. */
export class Scope {
  readonly catalog = emptyCatalog();
  readonly diagnostics: Diagnostic[] = [];

  /** Cells by name; of cells of one name the first. */
  constructor(readonly cells: ReadonlyMap<string, DefinedCell>) {}

  /** Reports on what a path in a cell's YAML names. */
  at(cell: DefinedCell, path: YamlPath, finding: Finding, at: 'key' | 'value' = 'value'): void {
    const { yaml } = cell.definition;
    const range = yaml === null ? { start: 0, end: 1 } : rangeAt(yaml, path, at);
    this.diagnostics.push(inBody(cell.file, cell.block, finding, range));
  }

  /** Reports on a stretch inside a scalar of a cell's YAML, or of a query's body. */
  inside(cell: DefinedCell, path: YamlPath, finding: Finding, range: { start: number; end: number }): void {
    const { yaml } = cell.definition;
    const length = range.end - range.start;
    const exact = yaml === null ? range : rangeInside(yaml, path, { offset: range.start, length });
    this.diagnostics.push(inBody(cell.file, cell.block, finding, exact));
  }

  error(cell: DefinedCell, path: YamlPath, code: ErrorCode, message: string, hint?: string): void {
    this.at(cell, path, { severity: 'error', code, message, hint });
  }

  /** A definition that another one needs; reports what is wrong with the name and gives undefined. */
  need<T>(
    cell: DefinedCell,
    path: YamlPath,
    kind: CellKind,
    name: string,
    from: ReadonlyMap<string, T>,
  ): T | undefined {
    const found = from.get(name);
    if (found === undefined) this.error(cell, path, CODES[kind], ...this.whyNot([kind], name, cell));
    return found;
  }

  /** Message and hint for a name that none of `kinds` has, or whose cell has errors. `asking` is no candidate. */
  whyNot(kinds: readonly CellKind[], name: string, asking: DefinedCell): [message: string, hint: string] {
    const cell = this.cells.get(name);
    if (this.catalog.onDemandViews.has(name) && (kinds as readonly string[]).includes('view'))
      return [
        `\`${name}\` has no rows of its own: its features are computed from others on demand.`,
        'List its features in a training set or a lookup.',
      ];
    if (cell !== undefined && (kinds as readonly string[]).includes(cell.block.kind)) {
      const where = `${cell.file}:${cell.block.line}`;
      return [
        `\`${name}\` cannot be used: its own cell has errors or is not yet supported.`,
        `Look at the cell \`${name}\` at ${where} first.`,
      ];
    }
    const wanted = listed(kinds.map((kind) => WORDS[kind]));
    const bare = listed(kinds.map((kind) => WORDS[kind].replace(/^an? /, '')));
    const names = this.namesOf(kinds).filter((candidate) => candidate !== asking.block.name);
    const hint = nameSuggestion(name, names, `Add ${wanted} of that name.`);
    if (cell === undefined) return [`There is no ${bare} \`${name}\`.`, hint];
    return [`\`${name}\` is ${WORDS[cell.block.kind as CellKind]}, not ${wanted}.`, hint];
  }

  namesOf(kinds: readonly CellKind[]): string[] {
    return [...this.cells.values()]
      .filter((cell) => (kinds as readonly string[]).includes(cell.block.kind))
      .map((cell) => cell.block.name);
  }
}

function listed(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

const CODES: Record<CellKind, ErrorCode> = {
  source: 'catalog.unknown_source',
  entity: 'catalog.unknown_entity',
  view: 'catalog.unknown_view',
  'training-set': 'catalog.unknown_training_set',
  query: 'catalog.unknown_query',
  skew: 'catalog.unknown_query',
  drift: 'catalog.unknown_query',
  audit: 'catalog.unknown_query',
  materialize: 'catalog.unknown_query',
  backfill: 'catalog.unknown_query',
  replay: 'catalog.unknown_query',
  lookup: 'catalog.unknown_query',
  chart: 'catalog.unknown_query',
};
