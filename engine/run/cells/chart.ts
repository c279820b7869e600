import { PlumblineError } from '../../errors';
import { quote } from '../../sql/quote';
import type { CellRunner } from '../context';
import { countRows } from './query';

/** A chart runs nothing of its own: it names the relation to draw and gives the specification. */
export const runChart: CellRunner = async (context, name) => {
  const chart = context.catalog.charts.get(name);
  if (!chart) throw new PlumblineError('notebook.unknown_cell', `No chart ${name}.`);
  const columns = await context.host.database.describe(`SELECT * FROM main.${quote(chart.data)}`);
  const rows = await countRows(context, chart.data);
  return { rows, columns, relation: chart.data, result: { spec: chart.spec, rows } };
};
