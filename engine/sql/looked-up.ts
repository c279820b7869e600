import type { FeatureType } from '../catalog/model';
import { elementType, isListType } from '../catalog/feature-type';
import { parseInstant } from '../catalog/instant';
import type { AskedFeature } from '../catalog/computed-values';
import { duckType } from './duck-type';
import { literal, type SqlValue, timestampLiteral, typedLiteral } from './literal';
import { onDemandTables, type Parameter } from './on-demand';
import { quote } from './quote';
import { printSelect } from './select';

/** A value that a lookup gave, in JSON's form, as SQL of its declared type: the very value that was stored. */
export function lookedUpLiteral(value: unknown, type: FeatureType): string {
  if (value === null || value === undefined) return `CAST(NULL AS ${duckType(type)})`;
  if (isListType(type) && Array.isArray(value)) {
    const items = value.map((item) => lookedUpLiteral(item, elementType(type)));
    return `CAST([${items.join(', ')}] AS ${duckType(type)})`;
  }
  if (type === 'bytes') return `from_base64(${literal(String(value))})`;
  const instant = type === 'timestamp' ? parseInstant(String(value)) : null;
  return instant === null ? typedLiteral(value as SqlValue, duckType(type)) : timestampLiteral(instant);
}

/** A request parameter; `type` is DuckDB's where it is known from a spine, else the literal decides. */
export function parameterLiteral(value: string | number | bigint | null, type: string | undefined): string {
  if (type === undefined || !/^[A-Z][A-Z0-9_ ]*(\(\d+,\d+\))?$/.test(type)) return literal(value);
  const instant = typeof value === 'string' && type.startsWith('TIMESTAMP') ? parseInstant(value) : null;
  return instant === null ? typedLiteral(value, type) : timestampLiteral(instant);
}

export interface LookedUp {
  /** Places of the values that were looked up. */
  places: readonly number[];
  parameters: readonly string[];
  /** Per entity the values in the order of `places`, then the parameters, as SQL. */
  rows: readonly (readonly string[])[];
  waves: readonly (readonly AskedFeature[])[];
}

/**
 * On-demand features over looked-up values, by the SQL that training runs: per entity `row` and, for a feature at place
 * i, `value_<i>` (after the default) and `raw_<i>`, in forms that JSON carries: timestamps as ISO 8601, bytes as base64.
 */
export function lookedUpSql({ places, parameters, rows, waves }: LookedUp): string {
  const named: Parameter[] = parameters.map((name, at) => ({ name, at: `__c${at}` }));
  const columns = ['__row', ...places.map((index) => `__value_${index}`), ...named.map(({ at }) => at)];
  const tuples = rows.map((row, at) => `(${[String(at), ...row].join(', ')})`);
  const tables = onDemandTables('looked_up', waves, named, false);
  return printSelect({
    with: [
      {
        name: 'looked_up',
        sql: printSelect({
          columns: ['*'],
          from: [`(VALUES\n  ${tuples.join(',\n  ')}\n) AS entity(${columns.map(quote).join(', ')})`],
        }),
        inline: true,
      },
      ...tables,
    ],
    columns: [
      '"__row" AS row',
      ...waves
        .flat()
        .flatMap(({ feature, index }) =>
          ['value', 'raw'].map(
            (part) => `${jsonSql(`"__${part}_${index}"`, feature.type)} AS ${part}_${index}`,
          ),
        ),
    ],
    from: [tables.at(-1)!.name],
    orderBy: ['"__row"'],
  });
}

function jsonSql(value: string, type: FeatureType): string {
  const one = (item: string): string => {
    if (elementType(type) === 'timestamp') return `strftime(${item}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
    return elementType(type) === 'bytes' ? `to_base64(${item})` : item;
  };
  if (!isListType(type) || one('x') === 'x') return one(value);
  return `list_transform(${value}, lambda x: ${one('x')})`;
}
