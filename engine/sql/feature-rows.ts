import { castTo, type CompiledView } from './compiled-view';
import { afterLastEvent } from './naive-join';
import { ORDER_COLUMN } from '../database/database';
import { quote } from './quote';
import { block, printSelect } from './select';
import { snapshotAtSql } from './snapshot';

/**
 * A view as SQL cells read it. Feature table or dimension: every source row, in file order, with join keys, the event
 * time column (a dimension's two) and the features. Aggregate: each entity's values at the end of the data, with that instant in the event time
 * column. Values are those before the default policy.
 */
export function featureRowsSql(compiled: CompiledView): string {
  const { view, keys, features, source } = compiled;
  if (view.kind !== 'aggregate')
    return printSelect({
      columns: [
        ...keys.map((key) => quote(key.name)),
        quote(view.timestamp),
        ...(view.validity === null ? [] : [quote(view.validity.to)]),
        ...features.map(
          ({ feature, column }) => `${castTo(feature, quote(column!))} AS ${quote(feature.name)}`,
        ),
      ],
      from: [source],
      orderBy: [quote(ORDER_COLUMN)],
    });
  const snapshot = snapshotAtSql(compiled, afterLastEvent(compiled), null);
  return printSelect({
    columns: [
      ...keys.map((key) => quote(key.name)),
      `make_timestamp("__event_ts") AS ${quote(view.timestamp)}`,
      ...features.map(({ feature }) => quote(feature.name)),
    ],
    from: [`${block(snapshot)} AS snapshot`],
  });
}
