import { featureRowsSql } from '../../sql/feature-rows';
import { requireDisjoint } from '../../sql/interval-overlap';
import { quote } from '../../sql/quote';
import { prepareView } from '../../sql/view-facts';
import { NO_ROWS, type CellRunner } from '../context';
import { countRows } from './query';

/**
 * A view cell makes the view readable by name, as a table of feature rows; a dimension's rows may not
 * overlap. An on-demand view has no rows.
 */
export const runView: CellRunner = async (context, name) => {
  const { database } = context.host;
  const { signal } = context.options;
  if (context.catalog.onDemandViews.has(name)) return NO_ROWS;
  const compiled = await prepareView(database, context.catalog, name, undefined, signal);
  await requireDisjoint(database, compiled, signal);
  const sql = featureRowsSql(compiled);
  await database.query(`CREATE OR REPLACE VIEW main.${quote(name)} AS\n${sql}`, { signal });
  const columns = await database.describe(`SELECT * FROM main.${quote(name)}`, { signal });
  // Over a source that this engine does not hold, the view is there for training sets; reading it here would fail.
  const source = context.catalog.views.get(name)?.source ?? '';
  if (context.sources.get(source)?.large) return { rows: null, columns, relation: null, result: {} };
  return { rows: await countRows(context, name), columns, relation: name, result: {} };
};
