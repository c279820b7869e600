import type { FeatureRef } from '../catalog/model';

/**
 * How Feast logs what a feature server answered (feast.feature_logging): a column `view__feature` per feature with
 * `view__feature__timestamp` and `view__feature__status` beside it, the join keys under their names, and
 * `__log_timestamp`, `__log_date` and `__request_id`.
 */
export const FEAST_LOG_TIME = '__log_timestamp';

/** The column of a feature in such a log; null where it has none. */
export function feastColumn(ref: FeatureRef, types: ReadonlyMap<string, string>): string | null {
  const column = `${ref.view}__${ref.feature}`;
  return types.has(column) ? column : null;
}

/** Feast's FieldStatus (protos/feast/serving/ServingService.proto) by number. */
export const FEAST_STATUSES = ['invalid', 'present', 'null', 'not_found', 'outside_max_age'] as const;

/** The columns with the status and with the event time of a logged value; null where the log has none. */
export function feastCompanions(
  column: string,
  types: ReadonlyMap<string, string>,
): { status: string | null; timestamp: string | null } {
  const named = (what: string): string | null =>
    types.has(`${column}__${what}`) ? `${column}__${what}` : null;
  return { status: named('status'), timestamp: named('timestamp') };
}
