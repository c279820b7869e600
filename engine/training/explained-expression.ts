import { computedValues } from '../catalog/computed-values';
import { featureNamed } from '../catalog/feature-named';
import type { OnDemandFeature } from '../catalog/model';
import { queryRows } from '../database/rows';
import type { ValueStatus } from '../results';
import { explainFactsSql } from '../sql/explain-facts';
import { explainOnDemandSql, type InputFacts } from '../sql/explain-on-demand';
import { quote } from '../sql/quote';
import { commonFacts, pointOf, spineRowSql, timeOf } from './explained-row';
import { viewOfFeature } from './explained-rows';
import type { ExplainContext, ExplainedInput, ExpressionExplanation } from './explanation';

interface Ref {
  view: string;
  feature: string;
}

/** Explains an on-demand value by what its expression names. */
export async function explainExpression(context: ExplainContext, ref: Ref): Promise<ExpressionExplanation> {
  const { db, catalog, set, row, spineRow, means, signal } = context;
  const { refs, waves } = computedValues(catalog, [ref]);
  const asked = waves.flat().find(({ index }) => index === 0)!;
  const inputs: InputFacts[] = [];
  for (const [index, one] of refs.entries()) {
    if (catalog.onDemandViews.has(one.view)) continue;
    const { withCategory } = await viewOfFeature(context, one);
    const point = pointOf(set, row, withCategory.keys);
    const mean = means.get(`${one.view}:${one.feature}`);
    inputs.push({ index, sql: explainFactsSql(withCategory, point, mean) });
  }
  const names = spineRow.spineColumns.map(({ name }) => name);
  const spine = spineRowSql(set, row, names.map(quote));
  const sql = explainOnDemandSql(spine, names, inputs, waves);
  const [found = {}] = await queryRows(db, sql, { signal });
  const [time] = await queryRows(db, spineRowSql(set, row, [`${timeOf(set)} AS t`]), { signal });
  const facts = {
    t: time?.['t'] ?? null,
    value: found['__value_0'],
    raw: found['__raw_0'],
    status: found['__status_0'],
    naive: found['__naive_0'],
    leaks: found['__leaks_0'],
  };
  const feature = asked.feature;
  return {
    ...commonFacts(context, ref, feature, facts),
    kind: 'on_demand',
    expression: feature.expression,
    inputs: asked.inputs.map(({ name, index }): ExplainedInput => {
      const input = refs[index]!;
      return {
        name,
        ref: `${input.view}:${input.feature}`,
        type: featureNamed(catalog, input)!.type,
        value: found[`__value_${index}`],
        status: found[`__status_${index}`] as ValueStatus,
        defaulted: found[`__raw_${index}`] === null && found[`__value_${index}`] !== null,
        leaks: found[`__leaks_${index}`] === true,
      };
    }),
    parameters: parametersOf(feature, context),
    sql,
  };
}

function parametersOf({ parameters }: OnDemandFeature, { spineRow }: ExplainContext) {
  return parameters.flatMap((wanted) => {
    const column = spineRow.spineColumns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    return column === undefined ? [] : [{ ...column, value: spineRow.spine[column.name] }];
  });
}
