import { allViews } from '../../engine/catalog/feature-named';
import { auditedName } from '../../engine/audit/audit-plan';
import { isCategoryType } from '../../engine/catalog/feature-type';
import { defaultText, definitionText, featureMarkdown, sourceMarkdown, viewMarkdown } from './describe';
import type { EditorContext } from './types';
import { topLevelValue, type YamlPath } from './yaml-path';

export type SuggestionKind =
  | 'view'
  | 'feature'
  | 'source'
  | 'entity'
  | 'column'
  | 'relation'
  | 'query'
  | 'connection'
  | 'file'
  | 'function';

export interface Suggestion {
  label: string;
  kind: SuggestionKind;
  /** Short, on the same line. */
  detail: string;
  /** Markdown. */
  documentation: string;
  /** How many characters left of the cursor it replaces. */
  replace: number;
}

/** Keys whose text is SQL over the events of the view's source. */
const EXPRESSION_KEYS = new Set([
  'where',
  'of',
  'over',
  'expression',
  'sum',
  'avg',
  'min',
  'max',
  'last',
  'first',
  'count',
  'count_distinct',
]);
const COLUMN_KEYS = new Set([
  'column',
  'timestamp',
  'created_timestamp',
  'available_at',
  'valid_from',
  'valid_to',
  'label',
]);

/**
 * Names of other cells that fit where the cursor stands: sources, entities, views, `view:feature`, training sets,
 * columns, connections, files. Keys and fixed words come from the schema, not from here.
 */
export function yamlSuggestions(
  place: YamlPath,
  text: string,
  cell: { kind: string; id: string; name: string },
  context: EditorContext,
): Suggestion[] {
  if (!place.inValue) return [];
  const key = place.keys.at(-1);
  if (key === undefined) return [];
  const word = /[\w./*-]*$/.exec(place.before)![0].length;
  const { catalog } = context;
  const names = (kind: SuggestionKind, entries: Iterable<[string, string, string]>) =>
    [...entries].map(([label, detail, documentation]) => ({
      label,
      kind,
      detail,
      documentation,
      replace: word,
    }));

  if (key === 'features' && (cell.kind === 'training-set' || cell.kind === 'lookup'))
    return featureSuggestions(place.before, context);
  if (key === 'entity' || key === 'entities')
    return cell.kind === 'lookup'
      ? []
      : names(
          'entity',
          [...catalog.entities.values()].map((entity) => [
            entity.name,
            entity.joinKeys.map((join) => `${join.name} ${join.type}`).join(', '),
            entity.description,
          ]),
        );
  if (key === 'source' || key === 'stream')
    return names(
      'source',
      [...catalog.sources.values()].map((source) => [
        source.name,
        source.files.join(', '),
        sourceMarkdown(source, context.columns.get(source.name) ?? []),
      ]),
    );
  if (key === 'views' || key === 'view')
    return names(
      'view',
      [...catalog.views.values()].map((view) => [
        view.name,
        `${view.features.length} features`,
        viewMarkdown(view),
      ]),
    );
  if (key === 'training_set')
    return names(
      'relation',
      [...catalog.trainingSets.keys()].map((name) => [name, 'training set', '']),
    );
  if (key === 'redis')
    return names(
      'connection',
      context.redis.map((name) => [name, 'Redis connection', '']),
    );
  if (cell.kind === 'audit' && place.keys.at(-2) === 'columns')
    return featureSuggestions(place.before, context);
  if (key === 'files' || (key === 'file' && cell.kind === 'audit'))
    return names(
      'file',
      context.files.map((file) => [file, '', '']),
    );
  if (key === 'data' && cell.kind === 'chart') return relationSuggestions(word, context);
  if (key === 'field') return columnSuggestions(topLevelValue(text, 'data'), word, context);
  if (COLUMN_KEYS.has(key)) return columnSuggestions(relationOf(text, cell), word, context);
  if (key === 'expression' && topLevelValue(text, 'on_demand') === 'true')
    return inputSuggestions(word, context);
  if (key === 'category_mean') return categorySuggestions(cell.name, word, context);
  if (EXPRESSION_KEYS.has(key)) return columnSuggestions(relationOf(text, cell), word, context);
  return [];
}

/** The relation whose columns a cell's keys name: a source's own, or that of the source which a view or a drift check names. */
function relationOf(text: string, cell: { kind: string; name: string }): string | null {
  if (cell.kind === 'audit') return auditedName(cell.name);
  return cell.kind === 'view' || cell.kind === 'drift' ? topLevelValue(text, 'source') : cell.name;
}

function columnSuggestions(relation: string | null, replace: number, context: EditorContext): Suggestion[] {
  if (relation === null) return [];
  return (context.columns.get(relation) ?? []).map(({ name, type }) => ({
    label: name,
    kind: 'column',
    detail: type,
    documentation: `column of ${relation}`,
    replace,
  }));
}

/** Before the colon the views, after it the named view's features; a bare word finds features too. */
function featureSuggestions(before: string, context: EditorContext): Suggestion[] {
  const typed = /[\w:]*$/.exec(before)![0];
  return allViews(context.catalog).flatMap((view) =>
    view.features.map((feature) => ({
      label: `${view.name}:${feature.name}`,
      kind: 'feature' as const,
      detail: `${feature.type}, ${definitionText(feature)}, ${defaultText(feature)}`,
      documentation: featureMarkdown(view, feature),
      replace: typed.length,
    })),
  );
}

/** What an on-demand expression can name: features by their own name, or as `view__feature` where two views share it. */
function inputSuggestions(replace: number, context: EditorContext): Suggestion[] {
  const all = allViews(context.catalog).flatMap((view) =>
    view.features.map((feature) => ({ view, feature })),
  );
  return all.map(({ view, feature }) => ({
    label:
      all.filter((other) => other.feature.name === feature.name).length > 1
        ? `${view.name}__${feature.name}`
        : feature.name,
    kind: 'feature' as const,
    detail: `${feature.type}, ${view.name}`,
    documentation: featureMarkdown(view, feature),
    replace,
  }));
}

/** The features of the cell's view that means can be taken by. */
function categorySuggestions(name: string, replace: number, context: EditorContext): Suggestion[] {
  const view = context.catalog.views.get(name);
  return (view?.features ?? [])
    .filter((feature) => isCategoryType(feature.type))
    .map((feature) => ({
      label: feature.name,
      kind: 'feature' as const,
      detail: feature.type,
      documentation: featureMarkdown(view!, feature),
      replace,
    }));
}

/** Every relation that SQL and charts can read, with what it is. */
export function relationSuggestions(replace: number, context: EditorContext): Suggestion[] {
  const { catalog } = context;
  const relation = (
    label: string,
    kind: SuggestionKind,
    detail: string,
    documentation: string,
  ): Suggestion => ({
    label,
    kind,
    detail,
    documentation,
    replace,
  });
  return [
    ...[...catalog.sources.values()].map((source) =>
      relation(
        source.name,
        'source',
        'source',
        sourceMarkdown(source, context.columns.get(source.name) ?? []),
      ),
    ),
    ...[...catalog.views.values()].map((view) =>
      relation(view.name, 'view', 'feature view', viewMarkdown(view)),
    ),
    ...[...catalog.trainingSets.keys()].map((name) => relation(name, 'relation', 'training set', '')),
    ...[...catalog.queries.keys()].map((name) => relation(name, 'query', 'query', '')),
  ];
}

const RELATION_WORD = /\b(?:from|join|into|update|describe|summarize)\s+("?)\w*$/i;

/** Whether the cursor stands in a name that the user makes up, `sum(x) AS na|`: an offer would only replace it. */
export function namesSomething(before: string): boolean {
  return /\bas\s+"?\w*$/i.test(before) && !/\bcast\s*\([^()]*\bas\s+\w*$/i.test(before);
}

/**
 * What fits in SQL left of the cursor: relations after FROM and JOIN, a relation's columns after its name or alias
 * and a dot, else columns of the relations that the text names, then relations. `whole` is the whole statement.
 */
export function sqlSuggestions(before: string, whole: string, context: EditorContext): Suggestion[] {
  const word = /\w*$/.exec(before)![0];
  if (insideStringOrComment(before) || namesSomething(before)) return [];
  if (RELATION_WORD.test(before)) return relationSuggestions(word.length, context);
  const used = usedRelations(whole, context);
  const qualifier = /(\w+)\.\w*$/.exec(before)?.[1];
  if (qualifier !== undefined) {
    const relation = used.get(qualifier) ?? qualifier;
    return columnSuggestions(relation, word.length, context);
  }
  const seen = new Set<string>();
  const columns = [...new Set(used.values())]
    .flatMap((relation) => columnSuggestions(relation, word.length, context))
    .filter(({ label }) => !seen.has(label) && seen.add(label));
  return [...columns, ...relationSuggestions(word.length, context)];
}

/** Relations after FROM and JOIN, by alias and by name. */
function usedRelations(sql: string, context: EditorContext): Map<string, string> {
  const used = new Map<string, string>();
  for (const [, name, alias] of sql.matchAll(
    /\b(?:from|join)\s+"?(\w+)"?(?:\s+(?:as\s+)?(?!on\b|using\b|where\b|group\b|order\b|join\b|left\b|asof\b|limit\b)(\w+))?/gi,
  )) {
    if (!context.columns.has(name!)) continue;
    used.set(name!, name!);
    if (alias !== undefined) used.set(alias, name!);
  }
  return used;
}

function insideStringOrComment(before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const bare = line.replace(/'(?:[^']|'')*'/g, '');
  return bare.includes('--') || bare.includes("'");
}
