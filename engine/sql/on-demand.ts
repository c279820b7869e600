import type { OnDemandFeature } from '../catalog/model';
import { withDefault } from './default-value';
import { duckType } from './duck-type';
import type { AskedFeature } from '../catalog/computed-values';
import { quote } from './quote';
import { block, enclose, printSelect, type CommonTable } from './select';

/** A column that expressions can name beside features. `at` is the internal column that holds it. */
export interface Parameter {
  name: string;
  at: string;
}

/**
 * Tables that add on-demand features to the relation `first`, one wave after the other; the last one has all. Read are
 * `__value_<i>` (after the default), the parameters and, with `naive`, `__naive_<i>` and `__leaks_<i>`; added are
 * `__raw_<i>` (before the default), `__value_<i>`, `__status_<i>` and, with `naive`, the naive pair. Every name of
 * `first` begins with two underscores, so that none can be mistaken for a name in an expression.
 */
export function onDemandTables(
  first: string,
  waves: readonly (readonly AskedFeature[])[],
  parameters: readonly Parameter[],
  naive: boolean,
): CommonTable[] {
  const tables: CommonTable[] = [];
  waves.forEach((wave, at) => {
    const from = tables.at(-1)?.name ?? first;
    const raw = wave.map(({ feature, index }) => `${scalarSql(feature)} AS "__raw_${index}"`);
    tables.push({
      name: `asked_${at}`,
      sql: overScope(from, '__value_', wave, parameters, raw),
      inline: true,
    });
    const results = wave.flatMap(({ feature, index, inputs }) => [
      `${withDefault(feature, `"__raw_${index}"`)} AS "__value_${index}"`,
      `CASE WHEN "__raw_${index}" IS NULL THEN 'null' ELSE 'present' END AS "__status_${index}"`,
      ...(naive
        ? [
            `${withDefault(feature, scalarSql(feature))} AS "__naive_${index}"`,
            `${inputs.map((input) => `"__leaks_${input.index}"`).join(' OR ') || 'false'} AS "__leaks_${index}"`,
          ]
        : []),
    ]);
    tables.push({
      name: `given_${at}`,
      sql: naive
        ? overScope(`asked_${at}`, '__naive_', wave, parameters, results)
        : printSelect({ columns: ['*', ...results], from: [`asked_${at}`] }),
      inline: true,
    });
  });
  return tables;
}

/** The expression in its declared type. */
export function scalarSql(feature: OnDemandFeature): string {
  return `CAST(${enclose(feature.expression)} AS ${duckType(feature.type)})`;
}

/** `columns` over a relation in which the wave's inputs and the parameters have the names that expressions give them. */
function overScope(
  from: string,
  prefix: '__value_' | '__naive_',
  wave: readonly AskedFeature[],
  parameters: readonly Parameter[],
  columns: readonly string[],
): string {
  const scope = new Map(parameters.map(({ name, at }) => [name.toLowerCase(), { name, at }]));
  // A feature comes before a parameter of its name.
  for (const { inputs } of wave)
    for (const { name, index } of inputs) scope.set(name, { name, at: `${prefix}${index}` });
  const names = [...scope.values()];
  const named = printSelect({
    columns: ['*', ...names.map(({ name, at }) => `${quote(at)} AS ${quote(name)}`)],
    from: [from],
  });
  const rest = names.length === 0 ? '*' : `* EXCLUDE (${names.map(({ name }) => quote(name)).join(', ')})`;
  return printSelect({ columns: [rest, ...columns], from: [`${block(named)} AS scope`] });
}
