import type { AskedFeature } from '../catalog/computed-values';
import { onDemandTables } from './on-demand';
import { quote } from './quote';
import { block, printSelect } from './select';

/** A value of a view among those of one computation: its place, and its `explainFactsSql`. */
export interface InputFacts {
  index: number;
  sql: string;
}

/** What `explainFactsSql` says of a value that an on-demand feature is computed from. */
const FACTS = ['value', 'raw', 'status', 'naive', 'leaks'] as const;

/**
 * Every value of one computation at one spine row, as a training set computes them: one row with `__value_<i>` (after
 * the default), `__raw_<i>`, `__status_<i>`, `__naive_<i>` and `__leaks_<i>` by place. `spine` is the row, `columns` its
 * columns, which are the parameters.
 */
export function explainOnDemandSql(
  spine: string,
  columns: readonly string[],
  inputs: readonly InputFacts[],
  waves: readonly (readonly AskedFeature[])[],
): string {
  const parameters = columns.map((name, at) => ({ name, at: `__c${at}` }));
  const joined = printSelect({
    columns: [
      '1 AS "__one"',
      ...parameters.map(({ name, at }) => `s.${quote(name)} AS "${at}"`),
      ...inputs.flatMap(({ index }) => FACTS.map((fact) => `f${index}.${fact} AS "__${fact}_${index}"`)),
    ],
    from: [
      `${block(spine)} AS s`,
      ...inputs.map(({ index, sql }) => `JOIN ${block(sql)} AS f${index} ON true`),
    ],
  });
  const tables = onDemandTables('joined', waves, parameters, true);
  return printSelect({
    with: [{ name: 'joined', sql: joined }, ...tables],
    columns: ['*'],
    from: [tables.at(-1)!.name],
  });
}
