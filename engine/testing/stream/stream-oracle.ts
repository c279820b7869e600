import { windowedValue, windowOf } from '../oracle/aggregate-view';
import type { OracleEvent, OracleView } from '../oracle/definition';
import { sameEntity } from '../oracle/oracle';
import type { OracleValue } from '../oracle/value';
import { stretchOf } from '../oracle/window';

/** A log consumed row by row in plain loops, written from docs/skew.md alone: what the tests of engine/stream trust. */
export interface OracleStream {
  /** In order of arrival. */
  steps: { event: OracleEvent; fate: 'accepted' | 'late' | 'no_key'; lateBy: bigint; watermark: bigint }[];
  /** Rows without event time or arrival. */
  noTime: number;
}

/** What a consumer with this delay does with the rows that arrive by `end`; microseconds. */
export function oracleStream(events: readonly OracleEvent[], delay: bigint, end: bigint): OracleStream {
  const timed = events.filter(({ at, available }) => at !== null && available !== null);
  const arrivals = timed
    .filter(({ available }) => available! <= end)
    .sort((a, b) => (a.available === b.available ? a.order - b.order : a.available! < b.available! ? -1 : 1));
  let greatest: bigint | null = null;
  const steps = arrivals.map((event): OracleStream['steps'][number] => {
    const lateBy: bigint = greatest === null ? 0n : greatest - delay - event.at!;
    if (greatest === null || event.at! > greatest) greatest = event.at!;
    const fate = lateBy > 0n ? 'late' : event.keys.includes(null) ? 'no_key' : 'accepted';
    return { event, fate, lateBy, watermark: greatest - delay };
  });
  return { steps, noTime: events.length - timed.length };
}

/** Values of an entity at `t` out of rows that are there, whenever they arrived. `log`: all rows, for how sums are taken. */
export function streamValues(
  view: OracleView,
  rows: readonly OracleEvent[],
  keys: readonly OracleValue[],
  t: bigint,
  log: readonly OracleEvent[],
): OracleValue[] {
  const own = rows.filter((row) => sameEntity(row.keys, keys));
  return view.features.map(
    (feature) => windowedValue(feature, windowOf(feature.definition), own, t, log).raw,
  );
}

/** Rows that some window can still hold at `horizon` or after it. */
export function reachable(
  view: OracleView,
  rows: readonly OracleEvent[],
  horizon: bigint,
): readonly OracleEvent[] {
  return rows.filter(({ at }) =>
    view.features.some(({ definition }) => at! >= stretchOf(windowOf(definition).window, horizon).from),
  );
}
