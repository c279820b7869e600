import type { Aggregation, Feature, NamedFeature } from '../catalog/model';
import { constantProblem, isNumberType } from '../catalog/feature-type';
import { castTo } from './compiled-view';
import { defaultSql } from './default-value';
import { literal } from './literal';
import { quote } from './quote';
import { enclose } from './select';

/** A piece of a feature that binds by itself; `sql` holds the user's text. */
export interface BindPart {
  path: string[];
  text: string;
  /** A source column that must exist. */
  column?: string;
  /** Found wrong before binding, in words. */
  problem?: string;
  /** Whether the text is the user's own SQL. */
  checked: boolean;
  sql: string;
  /** Characters of `sql` before the user's text. */
  lead: number;
  /** Whether it stands where aggregate functions may. */
  aggregate: boolean;
}

/** Everything of a feature that the source's columns must bear out. Paths are those below the feature's name. */
export function bindPartsOf(feature: Feature): BindPart[] {
  const { definition } = feature;
  return [...definitionParts(feature, definition), ...defaultParts(feature)];
}

function definitionParts(feature: Feature, definition: Feature['definition']): BindPart[] {
  switch (definition.kind) {
    case 'column': {
      const { column } = definition;
      const path = column === feature.name ? [] : ['column'];
      const sql = castTo(feature, quote(column));
      return [{ path, text: column, column, checked: false, sql, lead: 0, aggregate: false }];
    }
    case 'expression': {
      const text = definition.expression;
      const sql = castTo(feature, enclose(text));
      return [{ path: ['expression'], text, checked: true, sql, lead: startOf(text, sql), aggregate: true }];
    }
    case 'ratio':
      return [
        ...aggregationParts(definition.of, ['ratio', 'of'], null),
        ...aggregationParts(definition.over, ['ratio', 'over'], null),
      ];
    case 'aggregation':
      return aggregationParts(definition.aggregation, [], feature);
  }
}

function aggregationParts(aggregation: Aggregation, path: string[], feature: Feature | null): BindPart[] {
  const { fn, of, where, parameter } = aggregation;
  const parts: BindPart[] = [];
  if (of !== '*') {
    const scalar = enclose(of);
    const at = { path: [...path, fn, ...(parameter === undefined ? [] : ['of'])], text: of };
    parts.push({ ...at, checked: true, sql: scalar, lead: startOf(of, scalar), aggregate: false });
    const call = callSql(aggregation, feature, scalar);
    const sql = feature ? castTo(feature, call) : `CAST(${call} AS DOUBLE)`;
    parts.push({ ...at, checked: false, sql, lead: startOf(of, sql), aggregate: true });
  }
  if (where !== null) {
    const sql = `CAST(${enclose(where)} AS BOOLEAN)`;
    const lead = startOf(where, sql);
    parts.push({ path: [...path, 'where'], text: where, checked: true, sql, lead, aggregate: false });
  }
  return parts;
}

/** Where the user's text begins; its later lines are indented, so only the first is looked for. */
export function startOf(text: string, sql: string): number {
  return sql.indexOf(text.split('\n')[0]!);
}

/** A call that gives the same type as the plans' own, which wrap the input in more. */
function callSql({ fn, parameter }: Aggregation, feature: Feature | null, input: string): string {
  switch (fn) {
    case 'count_distinct':
      return `count(DISTINCT ${input})`;
    case 'last':
    case 'first':
    case 'mode':
      return `any_value(${input})`;
    case 'last_n':
      return `list(${input})`;
    case 'stddev':
    case 'variance':
      return `${fn}(CAST(${input} AS DOUBLE))`;
    case 'quantile':
      return feature === null || isNumberType(feature.type)
        ? `quantile_cont(CAST(${input} AS DOUBLE), ${literal(parameter ?? 0.5)})`
        : `quantile_disc(${input}, ${literal(parameter ?? 0.5)})`;
    default:
      return `${fn}(${input})`;
  }
}

/** The default as a part that must fit the feature's type; none for `none`, nor for a mean, which is a number anyway. */
export function defaultParts(feature: NamedFeature): BindPart[] {
  const policy = feature.default;
  if (policy.kind !== 'zero' && policy.kind !== 'constant') return [];
  const at = { path: ['default'], text: '', checked: false, lead: 0, aggregate: false };
  const problem =
    policy.kind === 'constant'
      ? constantProblem(policy.value, feature.type)
      : isNumberType(feature.type) || feature.type === 'bool'
        ? null
        : `cannot be zero, because the feature is a ${feature.type}`;
  if (problem !== null) return [{ ...at, sql: 'NULL', problem: `the default of ${feature.name} ${problem}` }];
  return [{ ...at, sql: defaultSql(feature)! }];
}
