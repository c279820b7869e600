import { belongs, windowedValue, windowOf } from './aggregate-view';
import type { OracleCell, OracleEvent, OracleFeature, OracleSpineRow, OracleView } from './definition';
import { standIn, type Means } from './policy';
import { newestOf, rowAt } from './row-view';
import { castTo, compareValues, type OracleValue } from './value';

/**
 * Feature values by brute force, written from docs/semantics.md alone: every spine row looks at every event. No SQL,
 * nothing shared with the engine. One cell per feature of the view, in its order. `events` are the whole source;
 * `means` stand in where a feature's policy asks for one.
 */
export function oracleRow(
  view: OracleView,
  events: readonly OracleEvent[],
  row: Pick<OracleSpineRow, 'keys' | 't'>,
  means: Means = new Map(),
): OracleCell[] {
  const own = events.filter((event) => event.at !== null && sameEntity(event.keys, row.keys));
  const visible = own.filter((event) => isVisible(view, event, row.t));
  const cells = view.features.map((feature) => ({
    ...valueAt(view, feature, visible, row.t, events),
    naive: naiveAt(view, feature, events, own),
  }));
  const rawOf = (name: string) => cells[view.features.findIndex((feature) => feature.name === name)]!;
  return view.features.map((feature, index) => {
    const { raw, status, naive } = cells[index]!;
    const stand = (of: (name: string) => OracleValue): OracleValue => standIn(feature, means, of);
    return {
      value: raw ?? stand((name) => rawOf(name).raw),
      raw,
      status,
      naive: naive.raw ?? stand((name) => rawOf(name).naive.raw),
      leaks: naive.used.some((event) => isFuture(view, event, row.t)),
    };
  });
}

/** NULL equals nothing, not even NULL. */
export function sameEntity(left: readonly OracleValue[], right: readonly OracleValue[]): boolean {
  return left.every((key, index) => {
    const other = right[index]!;
    return key !== null && other !== null && compareValues(key, other) === 0;
  });
}

/** An event without a time of availability is never available. */
function isVisible(view: OracleView, { available }: OracleEvent, t: bigint | null): boolean {
  return !view.late || (t !== null && available !== null && available <= t);
}

function isFuture(view: OracleView, event: OracleEvent, t: bigint | null): boolean {
  return t !== null && (event.at! > t || !isVisible(view, event, t));
}

function valueAt(
  view: OracleView,
  feature: OracleFeature,
  visible: readonly OracleEvent[],
  t: bigint | null,
  events: readonly OracleEvent[],
): Pick<OracleCell, 'raw' | 'status'> {
  const { definition } = feature;
  if (definition.kind !== 'column') return windowedValue(feature, windowOf(definition), visible, t, events);
  const { row, absent } = rowAt(view, visible, t);
  if (row === null) return { raw: null, status: absent };
  const raw = castTo(feature.type, row.payload[definition.column] ?? null);
  return { raw, status: raw === null ? 'null' : 'present' };
}

/** What a join gives that knows of no time: the latest row, or the window at the end of the source. */
function naiveAt(
  view: OracleView,
  feature: OracleFeature,
  events: readonly OracleEvent[],
  own: readonly OracleEvent[],
): { raw: OracleValue; used: OracleEvent[] } {
  const { definition } = feature;
  if (definition.kind === 'column') {
    const row = newestOf(view, own);
    return row === null
      ? { raw: null, used: [] }
      : { raw: castTo(feature.type, row.payload[definition.column] ?? null), used: [row] };
  }
  const windowed = windowOf(definition);
  const { raw, inside } = windowedValue(feature, windowed, own, endOf(events), events);
  return { raw, used: inside.filter((event) => belongs(windowed, event)) };
}

/** One microsecond after the greatest event time of the source. */
function endOf(events: readonly OracleEvent[]): bigint | null {
  const times = events.flatMap(({ at }) => (at === null ? [] : [at]));
  return times.length === 0 ? null : times.reduce((most, at) => (at > most ? at : most)) + 1n;
}
