import { isNumberType } from '../catalog/feature-type';
import type { Aggregation, Catalog, Feature, FeatureView, JoinKey } from '../catalog/model';
import type { TimeWindow } from '../catalog/window';
import { PlumblineError } from '../errors';
import { ORDER_COLUMN, sourceTable } from '../database/database';
import type { CompiledAggregation } from './aggregate-state';
import { checkAggregate, checkScalar } from './expression';
import { quote, relation } from './quote';
import { enclose } from './select';
import { duckType } from './duck-type';

/**
 * A feature view ready to be computed. Every reader (training set, naive join, snapshot, explanation) takes its
 * features from here, so that a value has one definition.
 */
export interface CompiledView {
  view: FeatureView;
  keys: JoinKey[];
  /** Features in the definition's order, or the chosen ones in the order asked for. */
  features: CompiledFeature[];
  source: string;
  /** The source's loaded columns in the order of keys and time, for who does not mind the order; null: there is none. */
  sorted: string | null;
  /** The column that says when a row could first be known; null: when it happened. */
  availability: string | null;
  /** What is known of the source's rows; null before `prepareView` has looked. */
  facts: ViewFacts | null;
}

/** What the planner goes by. Of the source's rows as they are loaded. */
export interface ViewFacts {
  rows: number;
  /** Entities: different join keys. */
  entities: number;
  /** Rows that an average row shares its entity with, itself included: a few hot entities raise it. */
  density: number;
  /** From the first event to the last, microseconds. */
  span: bigint;
  /** A day or an hour (microseconds) where every event time is a whole number of them; null where not. */
  grid: bigint | null;
}

export interface CompiledFeature {
  feature: Feature;
  /** null for a column of a feature table. */
  window: TimeWindow | null;
  /** A column of a feature table; null for an aggregate. */
  column: string | null;
  /** Whether an event belongs to the feature, over the source's columns; null = every event. */
  where: string | null;
  /** One aggregate expression over all the window's events, when the user wrote it whole. */
  expression: string | null;
  /** What to aggregate otherwise: one aggregation, or the two of a ratio. */
  aggregations: CompiledAggregation[];
}

/**
 * Resolves a view against the catalog. Errors: `catalog.unknown_view`, `catalog.unknown_entity`,
 * `catalog.unknown_feature`, `catalog.not_supported`, `sql.forbidden`, `sql.syntax`.
 */
export function compileView(catalog: Catalog, name: string, chosen?: readonly string[]): CompiledView {
  const view = catalog.views.get(name);
  if (!view)
    throw new PlumblineError('catalog.unknown_view', `no view ${name}`, { hint: 'Add a view cell.' });
  const keys = view.entities.flatMap((entity) => {
    const found = catalog.entities.get(entity);
    if (found) return found.joinKeys;
    throw new PlumblineError('catalog.unknown_entity', `no entity ${entity}, which view ${name} names`, {
      hint: 'Add an entity cell.',
    });
  });
  if (keys.length === 0)
    throw new PlumblineError('catalog.not_supported', `view ${name} has no join key: not yet supported`, {
      hint: 'Give it an entity with at least one join key.',
    });
  const features = (chosen ?? view.features.map((feature) => feature.name)).map((wanted) => {
    const feature = view.features.find((candidate) => candidate.name === wanted);
    if (feature) return compileFeature(view, feature);
    throw new PlumblineError('catalog.unknown_feature', `no feature ${wanted} in ${name}`, {
      hint: `The view has ${view.features.map((one) => one.name).join(', ')}.`,
    });
  });
  const availability = catalog.sources.get(view.source)?.availableAt ?? null;
  const source = relation(sourceTable(view.source));
  return { view, keys, features, source, sorted: null, availability, facts: null };
}

function compileFeature(view: FeatureView, feature: Feature): CompiledFeature {
  const { definition } = feature;
  const empty = { feature, window: null, column: null, where: null, expression: null, aggregations: [] };
  if ((definition.kind === 'column') !== (view.kind !== 'aggregate'))
    throw new PlumblineError(
      'catalog.not_supported',
      `${view.name}:${feature.name}: columns and windows in one view are not yet supported`,
      { hint: 'Split the view: one for columns as they are, one for windows.' },
    );
  if (definition.kind === 'column') return { ...empty, column: definition.column };
  const { window } = definition;
  if (definition.kind === 'expression') {
    checkAggregate(definition.expression);
    return { ...empty, window, expression: definition.expression };
  }
  const aggregations =
    definition.kind === 'ratio' ? [definition.of, definition.over] : [definition.aggregation];
  for (const { of, where } of aggregations) {
    if (of !== '*') checkScalar(of);
    if (where !== null) checkScalar(where);
  }
  return {
    ...empty,
    window,
    aggregations: aggregations.map((one) => compileAggregation(one, feature)),
    where: eitherWhere(aggregations),
  };
}

/** Until the source has been looked at, a sum is one that depends on the order of its terms. */
function compileAggregation(aggregation: Aggregation, { type }: Feature): CompiledAggregation {
  const numeric = aggregation.fn === 'quantile' && isNumberType(type);
  return { ...aggregation, sum: { kind: 'ordered' }, float: numeric || /^float/.test(type) };
}

/** A ratio counts an event that either side counts. */
function eitherWhere(aggregations: readonly Aggregation[]): string | null {
  const all = aggregations.map((aggregation) => aggregation.where);
  if (all.some((where) => where === null)) return null;
  return all.map((where) => enclose(where!)).join(' OR ');
}

/** Internal columns of join keys: `"__k0"`. A user's names never begin with two underscores. */
export function keyColumns(keys: readonly JoinKey[]): string[] {
  return keys.map((_, index) => quote(`__k${index}`));
}

/**
 * A join key as both sides compare it. Text keys are cast, so that 7 and '7' meet where the entity says string;
 * DuckDB widens whole numbers of different widths by itself and without loss.
 */
export function keyExpression(key: JoinKey, reference: string): string {
  return key.type === 'string' ? `CAST(${reference} AS VARCHAR)` : reference;
}

/** A source row's join keys under their internal names. */
export function keySelect(keys: readonly JoinKey[]): string[] {
  return keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`);
}

/**
 * The source as the plans read it: keys, `__at` (event time, microseconds), `__order`, where the source says so
 * `__known` (when the row could first be known, microseconds; NULL = never), then `more`.
 */
export function eventColumns(compiled: CompiledView, more: readonly string[]): string[] {
  const { availability } = compiled;
  return [
    ...keySelect(compiled.keys),
    `epoch_us(${quote(compiled.view.timestamp)}) AS "__at"`,
    quote(ORDER_COLUMN),
    ...(availability === null ? [] : [`epoch_us(${quote(availability)}) AS "__known"`]),
    ...more,
  ];
}

/** Whether an event `e` could be known at `t`; nothing to ask where the source does not say. */
export function knownBy(compiled: CompiledView, t: string): string[] {
  return compiled.availability === null ? [] : [`e."__known" <= ${t}`];
}

/** The later of event time and availability of the event `e`: at `t` before it, having used the event is a leak. */
export function seenAt(compiled: CompiledView): string {
  if (compiled.availability === null) return 'e."__at"';
  return `greatest(e."__at", coalesce(e."__known", ${NEVER}))`;
}

/** Later than every instant. */
const NEVER = 2n ** 62n;

/** `a."__k0" = b."__k0" AND ...`; NULL matches nothing. */
export function sameKeys(keys: readonly JoinKey[], left: string, right: string): string {
  return keyColumns(keys)
    .map((key) => `${left}.${key} = ${right}.${key}`)
    .join(' AND ');
}

/**
 * The same for an ASOF JOIN. That of DuckDB 1.4.3 takes bytes for one another that differ in zeros at their end only; their
 * digits it tells apart.
 */
export function sameKeysInAsOf(keys: readonly JoinKey[], left: string, right: string): string {
  return keys
    .map(({ type }, index) => {
      const [one, other] = [left, right].map((table) => `${table}."__k${index}"`);
      return type === 'bytes' ? `hex(${one}) = hex(${other})` : `${one} = ${other}`;
    })
    .join(' AND ');
}

export function castTo(feature: Feature, expression: string): string {
  return `CAST(${expression} AS ${duckType(feature.type)})`;
}
