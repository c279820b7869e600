import { type CompiledView, keyColumns } from './compiled-view';
import { quote } from './quote';
import { entityPoints, type Points } from './points';
import { block, printSelect } from './select';
import { valuesSql } from './view-values';

/** The first instant after everything that the source holds: an SQL scalar in microseconds, NULL for an empty source. */
export function afterLastEvent(compiled: CompiledView): string {
  return `(SELECT max(epoch_us(${quote(compiled.view.timestamp)})) + 1 FROM ${compiled.source})`;
}

/**
 * What a join that ignores the spine's time would give each entity of `points`: its latest row, or its window at the
 * end of the data. Columns: the keys, then per feature i `__v<i>` and `__last<i>` (BIGINT microseconds: when the
 * newest row of the value happened or could first be known, whichever is later). A row at `t` leaks where `__last<i> > t`.
 */
export function naiveJoinSql(compiled: CompiledView, points: Points): string {
  const keys = keyColumns(compiled.keys);
  const entities = printSelect({ columns: keys, distinct: true, from: [`${block(points.sql)} AS spine`] });
  const everyone = entityPoints(compiled.keys, entities, afterLastEvent(compiled));
  const values = valuesSql(compiled, everyone, {
    keepKeys: true,
    ignoreTtl: true,
    keepExpired: false,
    keepLast: true,
    ignoreAvailability: true,
  });
  const aggregate = compiled.view.kind === 'aggregate';
  return printSelect({
    columns: [
      ...keys,
      ...compiled.features.flatMap((_, index) => [
        `"__v${index}"`,
        aggregate ? `"__last${index}"` : `"__seen" AS "__last${index}"`,
      ]),
    ],
    from: [`${block(values)} AS naive`],
  });
}
