import type { OnDemandExpression, OracleWhere, WholeExpression } from '../oracle/definition';

/** What the oracle's predicates are in SQL, over the payload's columns; null = every event. */
export const WHERE: Record<OracleWhere, string | null> = {
  all: null,
  none: 'false',
  tag_a: "tag = 'a'",
  tag_unlike_a: "tag <> 'a'",
  i_positive: 'i > 0',
  f_positive: 'f > 0',
  flag: 'b',
  j_known: 'j IS NOT NULL',
};

/** What the oracle's aggregate expressions are in SQL. */
export const WHOLE: Record<WholeExpression, string> = {
  mean_of_all: 'sum(j) / count(*)',
  doubled_count: '2 * count(*)',
  span: 'max(j)::BIGINT - min(j)::BIGINT',
  share_of_flags: 'count(*) FILTER (WHERE b) / count(*)',
};

/** An on-demand expression over inputs of these names and the spine's column `r`. */
export function onDemandSql(expression: OnDemandExpression, inputs: readonly string[]): string {
  const [left = 'NULL', right = 'NULL'] = inputs;
  switch (expression) {
    case 'sum':
      return `${left} + ${right}`;
    case 'first_known':
      return `coalesce(${left}, ${right})`;
    case 'scaled':
      return `${left} * r`;
    case 'is_missing':
      return `${left} IS NULL`;
  }
}
