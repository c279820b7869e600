import type { FeatureView } from '../catalog/model';
import { ORDER_COLUMN } from '../database/database';
import { type CompiledView, keyColumns, keyExpression, sameKeys } from './compiled-view';
import type { Points } from './points';
import { quote } from './quote';
import { block, printSelect } from './select';

/**
 * The rows of a view's source that can matter to values at `points`: those of the points' entities, and the newest row
 * of all, because a naive join ends where the source ends. Columns and their order are the source's.
 */
export function nearRowsSql({ view, keys, source }: CompiledView, points: Points): string {
  const names = keyColumns(keys);
  const entities = block(
    printSelect({ columns: names, distinct: true, from: [`${block(points.sql)} AS p`] }),
  );
  const same = sameKeys(keys, 'e', 'p');
  const rows = (from: string, kind: 'SEMI' | 'ANTI'): string =>
    printSelect({
      columns: [`e.* EXCLUDE (${names.join(', ')})`],
      from: [`${block(withKeys(keys, from))} AS e`, `${kind} JOIN ${entities} AS p ON ${same}`],
    });
  return `${rows(source, 'SEMI')}\nUNION ALL\n${rows(block(newestSql(view, source)), 'ANTI')}`;
}

function withKeys(keys: CompiledView['keys'], from: string): string {
  const columns = keys.map((key, index) => `${keyExpression(key, quote(key.name))} AS "__k${index}"`);
  return printSelect({ columns: ['*', ...columns], from: [from] });
}

function newestSql(view: FeatureView, source: string): string {
  const order = quote(ORDER_COLUMN);
  const newest = `SELECT arg_max(${order}, ${quote(view.timestamp)}) FROM ${source}`;
  return printSelect({ columns: ['*'], from: [source], where: [`${order} = (${newest})`] });
}
