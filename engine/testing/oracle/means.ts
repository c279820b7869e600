import type { FeatureType } from '../../catalog/model';
import type { OracleEvent, OracleView } from './definition';
import type { FeatureMeans, Means } from './policy';
import { oracleSnapshot } from './snapshot';
import { meanOf } from './statistics';
import { castTo, identity, type OracleValue } from './value';

/**
 * Means of what is visible before the earliest spine time: over the rows of a source, or the snapshot of all entities
 * of an aggregate. `earliest` null: nothing is.
 */
export function meansOf(view: OracleView, events: readonly OracleEvent[], earliest: bigint | null): Means {
  const asked = view.features.filter(({ policy }) => /_mean$/.test(policy.kind));
  if (asked.length === 0) return new Map();
  const rows = earliest === null ? [] : rowsBefore(view, events, earliest);
  const place = (name: string): number => view.features.findIndex((feature) => feature.name === name);
  return new Map(
    asked.map(({ name, type, policy }) => {
      const values = rows.map((row) => row[place(name)]!);
      const category = policy.kind === 'category_mean' ? place(policy.category) : null;
      const labels = category === null ? [] : rows.map((row) => row[category]!);
      return [name, { global: meanIn(type, values), byCategory: meansBy(type, labels, values) }];
    }),
  );
}

function meansBy(
  type: FeatureType,
  labels: readonly OracleValue[],
  values: readonly OracleValue[],
): FeatureMeans['byCategory'] {
  const groups = new Map<string, OracleValue[]>();
  for (const [at, label] of labels.entries()) {
    if (label === null) continue;
    groups.set(identity(label), [...(groups.get(identity(label)) ?? []), values[at]!]);
  }
  return new Map([...groups].map(([label, group]) => [label, meanIn(type, group)]));
}

/** Every feature's value, before its policy, in all that is visible before `earliest`. */
function rowsBefore(view: OracleView, events: readonly OracleEvent[], earliest: bigint): OracleValue[][] {
  if (view.kind === 'aggregate') return oracleSnapshot(view, events, earliest).map(({ values }) => values);
  return events
    .filter(
      ({ at, available }) =>
        at !== null && at < earliest && (!view.late || (available !== null && available < earliest)),
    )
    .map(({ payload }) =>
      view.features.map(({ type, definition }) =>
        definition.kind === 'column' ? castTo(type, payload[definition.column] ?? null) : null,
      ),
    );
}

/** The mean of the finite values in the feature's type; whole numbers round half away from zero. */
function meanIn(type: FeatureType, values: readonly OracleValue[]): OracleValue {
  const whole = values.filter((value) => typeof value === 'bigint');
  if (type === 'int32' || type === 'int64') {
    if (whole.length === 0) return null;
    const [sum, count] = [whole.reduce((total, value) => total + value, 0n), BigInt(whole.length)];
    const size = ((sum < 0n ? -sum : sum) * 2n + count) / (2n * count);
    return sum < 0n ? -size : size;
  }
  const finite = values.filter((value) => typeof value === 'number' && Number.isFinite(value));
  return finite.length === 0 ? null : castTo(type, meanOf(finite as number[]));
}
