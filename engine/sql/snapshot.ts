import { type CompiledView, keyColumns, keySelect } from './compiled-view';
import { duckType } from './duck-type';
import type { PlanChoice } from './plan';
import { quote } from './quote';
import { entityPoints } from './points';
import { block, printSelect } from './select';
import { planOf, valuesSql } from './view-values';

/** The event time column of a snapshot, BIGINT microseconds UTC. The name is settled in engine/online/job.ts. */
const EVENT_TIME_COLUMN = '__event_ts';

/**
 * Every entity's values at `end`: join keys (declared types), `__event_ts` (BIGINT microseconds UTC) and all features
 * in the definition's order, before the default policy, ordered by key. `end`: microseconds, or `max` = the greatest
 * event time of the source. Entities with a NULL key are left out.
 *
 * Feature table and dimension: the chosen row at `end` and its event time; `start` leaves out chosen rows before it;
 * features are NULL where the row is older than the ttl, or where no row of a dimension holds any more. Aggregate: every entity with an event at or before `end`, its windows
 * ending at `end`, which is also the event time; `start` has no effect, since a window that ran empty is a change too.
 */
export function snapshotSql(compiled: CompiledView, end: bigint | 'max', start: bigint | null): string {
  return snapshotAtSql(compiled, end === 'max' ? lastEvent(compiled) : `CAST(${end} AS BIGINT)`, start);
}

/** The same at an SQL scalar in microseconds. */
export function snapshotAtSql(compiled: CompiledView, at: string, start: bigint | null): string {
  const { keys, features, view } = compiled;
  const entities = printSelect({
    columns: keySelect(keys),
    distinct: true,
    from: [compiled.source],
    where: [
      `epoch_us(${quote(view.timestamp)}) <= ${at}`,
      ...(compiled.availability === null ? [] : [`epoch_us(${quote(compiled.availability)}) <= ${at}`]),
      ...keys.map((key) => `${quote(key.name)} IS NOT NULL`),
    ],
  });
  const points = entityPoints(keys, entities, at);
  const values = valuesSql(compiled, points, SNAPSHOT_VALUES);
  const time = view.kind === 'aggregate' ? at : 'v."__at"';
  return printSelect({
    columns: [
      ...keys.map((key, index) => `CAST(v."__k${index}" AS ${duckType(key.type)}) AS ${quote(key.name)}`),
      `${time} AS ${quote(EVENT_TIME_COLUMN)}`,
      ...features.map(({ feature }, index) => `v."__v${index}" AS ${quote(feature.name)}`),
    ],
    from: [`${block(values)} AS v`],
    where: view.kind !== 'aggregate' && start !== null ? [`v."__at" >= ${start}`] : [],
    orderBy: keyColumns(keys).map((key) => `v.${key}`),
  });
}

const SNAPSHOT_VALUES = { keepKeys: true, ignoreTtl: false, keepExpired: true };

/** How a snapshot gets its values, and why so. */
export function snapshotPlan(compiled: CompiledView): PlanChoice {
  return planOf(compiled, entityPoints(compiled.keys, '', ''), SNAPSHOT_VALUES);
}

/** The greatest event time of a view's source: an SQL scalar in microseconds, NULL for an empty source. */
export function lastEvent({ view, source }: CompiledView): string {
  return `(SELECT max(epoch_us(${quote(view.timestamp)})) FROM ${source})`;
}
