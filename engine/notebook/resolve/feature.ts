import { parseDuration } from '../../catalog/duration';
import { constantProblem, isListType, isNumberType } from '../../catalog/feature-type';
import { parseInstant } from '../../catalog/instant';
import {
  type Aggregation,
  type AggregationName,
  type DefaultPolicy,
  type Feature,
  type FeatureDefinition,
} from '../../catalog/model';
import { DAY, type TimeWindow } from '../../catalog/window';
import { AGGREGATION_KEYS, type AggregationInput, type FeatureInput } from '../../catalog/schemas/feature';
import type { YamlPath } from '../yaml-body';
import type { DefinedCell, Scope } from './scope';

const WAYS = ['column', 'ratio', 'expression', ...AGGREGATION_KEYS] as const;

/** One feature of a view; null when it is wrong or not yet supported, which is then reported. */
export function resolveFeature(
  scope: Scope,
  cell: DefinedCell,
  name: string,
  input: FeatureInput,
): Feature | null {
  const path: YamlPath = ['features', name];
  const definition = define(scope, cell, path, name, input);
  const standIn = defaultOf(scope, cell, path, input);
  if (definition === null || standIn === null || !fits(scope, cell, path, input, definition)) return null;
  const { type, description = '', missing_indicator: missingIndicator = false } = input;
  return { name, type, definition, default: standIn, missingIndicator, description };
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
  const length = input.window === undefined ? null : parseDuration(input.window);
  if (length === null) {
    const edge = (['boundary', 'offset', 'session'] as const).find((key) => input[key] !== undefined);
    if (edge !== undefined)
      return wrong(
        [...path, edge],
        `\`${edge}\` has no window beside it.`,
        'Add `window: 7d`, or remove it.',
      );
    if (way === undefined || way === 'column') return { kind: 'column', column: input.column ?? name };
    return wrong(
      [...path, way],
      `\`${name}\` has no window.`,
      'Add how far back events count: `window: 7d`.',
    );
  }
  if (length === 0n)
    return wrong([...path, 'window'], 'A window must be longer than nothing.', 'For instance `7d`.');
  if (way === undefined || way === 'column')
    return wrong(
      [...path, way ?? 'window'],
      `\`${name}\` has a window but no aggregation.`,
      'Add one, for instance `count: "*"`, or remove `window` to take a column as it is.',
    );
  const offset = input.offset === undefined ? 0n : (parseDuration(input.offset) ?? 0n);
  const session = input.session === undefined ? undefined : (parseDuration(input.session) ?? undefined);
  if (session === 0n)
    return wrong([...path, 'session'], 'A session ends at a gap longer than nothing.', 'For instance `30m`.');
  const window: TimeWindow = {
    length,
    offset,
    boundary: input.boundary ?? 'half-open',
    ...(session === undefined ? {} : { session }),
  };
  if (window.boundary === 'calendar-day' && length % DAY !== 0n)
    return wrong(
      [...path, 'window'],
      'A calendar-day window is a number of whole days.',
      'For instance `7d`; or take another `boundary`.',
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
  const { of, parameter } = argumentsOf(input, key);
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
  const where = input.where ?? null;
  return parameter === undefined ? { fn: key, of, where } : { fn: key, of, where, parameter };
}

function argumentsOf(input: AggregationInput, key: AggregationName): { of: string; parameter?: number } {
  if (key === 'last_n') return { of: (input.last_n?.of ?? '').trim(), parameter: input.last_n?.n ?? 1 };
  if (key === 'quantile')
    return { of: (input.quantile?.of ?? '').trim(), parameter: input.quantile?.q ?? 0.5 };
  return { of: (input[key] ?? '').trim() };
}

/** What the feature says stands in for NULL; null when that does not fit its type, which is then reported. */
export function defaultOf(
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
  const needsNumber = (policy: string) =>
    mismatch(`\`${policy}\` needs a number; the feature is a ${input.type}`);
  if (written === 'zero') return isNumberType(input.type) ? { kind: 'zero' } : needsNumber('zero');
  if (written === 'global_mean')
    return isNumberType(input.type) ? { kind: 'global_mean' } : needsNumber('global_mean');
  if (typeof written === 'object' && 'category_mean' in written)
    return isNumberType(input.type)
      ? { kind: 'category_mean', by: written.category_mean }
      : needsNumber('category_mean');
  const value = typeof written === 'object' ? written.constant : written;
  const problem = constantProblem(value, input.type);
  if (problem !== null) return mismatch(problem);
  if (input.type === 'timestamp' && parseInstant(String(value)) === null)
    return mismatch('must be a time such as 2025-03-16T00:00:00Z');
  return { kind: 'constant', value };
}

/** What an aggregation gives, where that does not follow its input. */
const GIVES: Partial<Record<AggregationName | 'ratio', 'whole' | 'number'>> = {
  count: 'whole',
  count_distinct: 'whole',
  approx_count_distinct: 'whole',
  sum: 'number',
  avg: 'number',
  stddev: 'number',
  variance: 'number',
  entropy: 'number',
  ratio: 'number',
};

function fits(
  scope: Scope,
  cell: DefinedCell,
  path: YamlPath,
  input: FeatureInput,
  definition: FeatureDefinition,
): boolean {
  const fn =
    definition.kind === 'aggregation'
      ? definition.aggregation.fn
      : definition.kind === 'ratio'
        ? definition.kind
        : null;
  if (fn === null) return true;
  const mismatch = (gives: string, hint: string): boolean => {
    const message = `\`${fn}\` gives ${gives}; the feature is declared as ${input.type}.`;
    scope.error(cell, [...path, 'type'], 'catalog.type_mismatch', message, hint);
    return false;
  };
  if (fn === 'last_n' && !isListType(input.type))
    return mismatch('a list', 'Declare a list, for instance string[].');
  const gives = GIVES[fn];
  if (gives === undefined || isNumberType(input.type)) return true;
  return mismatch('a number', gives === 'whole' ? 'Declare int64.' : 'Declare float64.');
}
