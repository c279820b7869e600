import { parseDuration } from '../../catalog/duration';
import { constantProblem, isNumberType } from '../../catalog/feature-type';
import { parseInstant } from '../../catalog/instant';
import {
  AGGREGATIONS,
  type Aggregation,
  type AggregationName,
  type DefaultPolicy,
  type Feature,
  type FeatureDefinition,
} from '../../catalog/model';
import { AGGREGATION_KEYS, type AggregationInput, type FeatureInput } from '../../catalog/schemas/feature';
import type { YamlPath } from '../yaml-body';
import type { DefinedCell, Scope } from './scope';

type AggregationKey = (typeof AGGREGATION_KEYS)[number];

const WAYS = ['column', 'ratio', 'expression', ...AGGREGATION_KEYS] as const;

/** One feature of a view; null when it is wrong or not yet supported, which is then reported. */
export function resolveFeature(
  scope: Scope,
  cell: DefinedCell,
  name: string,
  input: FeatureInput,
): Feature | null {
  const path: YamlPath = ['features', name];
  const unsupported = refuse(scope, cell, path, input);
  const definition = define(scope, cell, path, name, input);
  const standIn = defaultOf(scope, cell, path, input);
  if (unsupported || definition === null || standIn === null || !fits(scope, cell, path, input, definition))
    return null;
  return { name, type: input.type, definition, default: standIn, description: input.description ?? '' };
}

function refuse(scope: Scope, cell: DefinedCell, path: YamlPath, input: FeatureInput): boolean {
  const before = scope.diagnostics.length;
  if (input.boundary !== undefined && input.boundary !== 'half-open')
    scope.notSupported(
      cell,
      [...path, 'boundary'],
      `\`boundary: ${input.boundary}\``,
      'Only half-open windows are.',
    );
  if (input.offset !== undefined && parseDuration(input.offset) !== 0n)
    scope.notSupported(cell, [...path, 'offset'], '`offset`');
  if (input.missing_indicator === true)
    scope.notSupported(cell, [...path, 'missing_indicator'], '`missing_indicator`');
  return scope.diagnostics.length > before;
}

function define(
  scope: Scope,
  cell: DefinedCell,
  path: YamlPath,
  name: string,
  input: FeatureInput,
): FeatureDefinition | null {
  const wrong = (at: YamlPath, message: string, hint: string) => {
    scope.error(cell, at, 'notebook.schema', message, hint);
    return null;
  };
  const [way, second] = WAYS.filter((key) => input[key] !== undefined);
  if (way !== undefined && second !== undefined)
    return wrong(
      [...path, second],
      `\`${name}\` says twice what it is: \`${way}\` and \`${second}\`.`,
      'Keep one of them, or make two features.',
    );
  if (input.where !== undefined && (way === undefined || ['column', 'ratio', 'expression'].includes(way)))
    return wrong([...path, 'where'], '`where` has no aggregation beside it.', whereHint(way));
  const window = input.window === undefined ? null : parseDuration(input.window);
  if (window === null) {
    if (way === undefined || way === 'column') return { kind: 'column', column: input.column ?? name };
    return wrong(
      [...path, way],
      `\`${name}\` has no window.`,
      'Add how far back events count: `window: 7d`.',
    );
  }
  if (window === 0n)
    return wrong([...path, 'window'], 'A window must be longer than nothing.', 'For instance `7d`.');
  if (way === undefined || way === 'column')
    return wrong(
      [...path, way ?? 'window'],
      `\`${name}\` has a window but no aggregation.`,
      'Add one, for instance `count: "*"`, or remove `window` to take a column as it is.',
    );
  if (way === 'expression') return { kind: 'expression', window, expression: input.expression ?? '' };
  if (way === 'ratio') {
    const of = aggregation(scope, cell, [...path, 'ratio', 'of'], input.ratio?.of);
    const over = aggregation(scope, cell, [...path, 'ratio', 'over'], input.ratio?.over);
    return of === null || over === null ? null : { kind: 'ratio', window, of, over };
  }
  const one = aggregation(scope, cell, path, input);
  return one === null ? null : { kind: 'aggregation', window, aggregation: one };
}

function whereHint(way: string | undefined): string {
  if (way === 'ratio') return 'Write it inside `of` and `over`.';
  if (way === 'expression') return 'Write `FILTER (WHERE ...)` after the aggregate in the expression.';
  return 'Add a window and an aggregation such as `count: "*"`.';
}

function aggregation(
  scope: Scope,
  cell: DefinedCell,
  path: YamlPath,
  input: (AggregationInput & { where?: string }) | undefined,
): Aggregation | null {
  const [key, second] = AGGREGATION_KEYS.filter((candidate) => input?.[candidate] !== undefined);
  if (input === undefined || key === undefined || second !== undefined) {
    const message =
      second === undefined ? 'There is no aggregation here.' : `\`${second}\` is one aggregation too many.`;
    const at = second === undefined ? path : [...path, second];
    scope.error(cell, at, 'notebook.schema', message, 'Write exactly one, for instance `count: "*"`.');
    return null;
  }
  if (!isSupported(key)) {
    scope.notSupported(cell, [...path, key], `\`${key}\``, `Supported are ${AGGREGATIONS.join(', ')}.`);
    return null;
  }
  const of = (input[key] ?? '').trim();
  if (of === '*' && key !== 'count') {
    scope.error(
      cell,
      [...path, key],
      'notebook.schema',
      `\`${key}\` needs an expression, not \`*\`.`,
      'Only `count` takes "*".',
    );
    return null;
  }
  return { fn: key, of, where: input.where ?? null };
}

function isSupported(key: AggregationKey): key is AggregationName {
  return (AGGREGATIONS as readonly string[]).includes(key);
}

function defaultOf(
  scope: Scope,
  cell: DefinedCell,
  path: YamlPath,
  input: FeatureInput,
): DefaultPolicy | null {
  const at = [...path, 'default'];
  const written = input.default;
  if (written === undefined || written === 'none') return { kind: 'none' };
  const mismatch = (message: string) => {
    scope.error(
      cell,
      at,
      'catalog.type_mismatch',
      `The default ${message}.`,
      'Write a value of that type, or `none`.',
    );
    return null;
  };
  if (written === 'zero')
    return isNumberType(input.type)
      ? { kind: 'zero' }
      : mismatch(`\`zero\` needs a number; the feature is a ${input.type}`);
  if (written === 'global_mean' || (typeof written === 'object' && 'category_mean' in written)) {
    scope.notSupported(
      cell,
      at,
      `\`${written === 'global_mean' ? written : 'category_mean'}\``,
      'Use a constant or `zero`.',
    );
    return null;
  }
  const value = typeof written === 'object' ? written.constant : written;
  const problem = constantProblem(value, input.type);
  if (problem !== null) return mismatch(problem);
  if (input.type === 'timestamp' && parseInstant(String(value)) === null)
    return mismatch('must be a time such as 2025-03-16T00:00:00Z');
  return { kind: 'constant', value };
}

function fits(
  scope: Scope,
  cell: DefinedCell,
  path: YamlPath,
  input: FeatureInput,
  definition: FeatureDefinition,
): boolean {
  const numeric =
    definition.kind === 'ratio' ||
    (definition.kind === 'aggregation' &&
      ['count', 'count_distinct', 'sum', 'avg'].includes(definition.aggregation.fn));
  if (!numeric || isNumberType(input.type)) return true;
  const what = definition.kind === 'aggregation' ? definition.aggregation.fn : 'ratio';
  scope.error(
    cell,
    [...path, 'type'],
    'catalog.type_mismatch',
    `\`${what}\` gives a number; the feature is declared as ${input.type}.`,
    what === 'count' || what === 'count_distinct' ? 'Declare int64.' : 'Declare float64.',
  );
  return false;
}
