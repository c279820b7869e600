/**
 * Feature values by brute force, written from docs/semantics.md alone: every spine row looks at every event. No SQL,
 * nothing shared with the engine. Times are bigint microseconds, numbers are bigint (exact) or null.
 */

export interface OracleEvent {
  keys: (bigint | null)[];
  at: bigint | null;
  made: bigint | null;
  x: bigint | null;
  tag: string | null;
  /** Position in file order. */
  order: number;
}

export interface OracleSpineRow {
  keys: (bigint | null)[];
  t: bigint | null;
}

export type OracleWhere = 'all' | 'tag_a' | 'x_positive';
export interface OracleAggregation {
  fn: 'count' | 'count_x' | 'count_distinct' | 'sum' | 'avg' | 'min' | 'max' | 'last';
  where: OracleWhere;
}

export type OracleFeature =
  | { kind: 'column' }
  | { kind: 'aggregation'; window: bigint; aggregation: OracleAggregation; zero: boolean }
  | { kind: 'ratio'; window: bigint; of: OracleAggregation; over: OracleAggregation; zero: boolean }
  /** sum(x) / count(*), over all events of the window. */
  | { kind: 'mean_expression'; window: bigint };

export interface OracleView {
  ttl: bigint | null;
  useMade: boolean;
}

export interface OracleValue {
  value: bigint | number | null;
  status: 'present' | 'missing' | 'expired' | 'null';
  naive: bigint | number | null;
  leaks: boolean;
}

export function oracle(
  view: OracleView,
  feature: OracleFeature,
  events: readonly OracleEvent[],
  row: OracleSpineRow,
): OracleValue {
  const own = events.filter((event) => event.at !== null && sameEntity(event.keys, row.keys));
  return feature.kind === 'column' ? columnValue(view, own, row.t) : windowValue(feature, events, own, row.t);
}

/** NULL equals nothing, not even NULL. */
function sameEntity(left: readonly (bigint | null)[], right: readonly (bigint | null)[]): boolean {
  return left.every((key, index) => key !== null && key === right[index]);
}

function columnValue(view: OracleView, own: readonly OracleEvent[], t: bigint | null): OracleValue {
  const latest = newest(view, own);
  const naive = { naive: latest?.x ?? null, leaks: latest !== null && t !== null && latest.at! > t };
  const chosen =
    t === null
      ? null
      : newest(
          view,
          own.filter((event) => event.at! <= t),
        );
  if (chosen === null) return { value: null, status: 'missing', ...naive };
  if (view.ttl !== null && chosen.at! < t! - view.ttl) return { value: null, status: 'expired', ...naive };
  return { value: chosen.x, status: chosen.x === null ? 'null' : 'present', ...naive };
}

function newest(view: OracleView, rows: readonly OracleEvent[]): OracleEvent | null {
  let best: OracleEvent | null = null;
  for (const row of rows) {
    if (best === null || row.at! > best.at!) best = row;
    else if (row.at === best.at && winsTie(view, row, best)) best = row;
  }
  return best;
}

/** A later created time wins, none at all loses; then the later place in the file. */
function winsTie(view: OracleView, row: OracleEvent, best: OracleEvent): boolean {
  if (view.useMade && row.made !== best.made)
    return best.made === null || (row.made !== null && row.made > best.made);
  return row.order > best.order;
}

type WindowFeature = Exclude<OracleFeature, { kind: 'column' }>;

function windowValue(
  feature: WindowFeature,
  events: readonly OracleEvent[],
  own: readonly OracleEvent[],
  t: bigint | null,
): OracleValue {
  const inside = t === null ? [] : own.filter((event) => event.at! >= t - feature.window && event.at! < t);
  const older = t === null ? [] : own.filter((event) => event.at! < t);
  const raw = compute(feature, inside);
  const status =
    inside.length > 0 ? (raw === null ? 'null' : 'present') : older.length > 0 ? 'expired' : 'missing';
  const times = events.flatMap((event) => (event.at === null ? [] : [event.at]));
  const end = times.reduce((most, at) => (at > most ? at : most), -(2n ** 62n)) + 1n;
  const late = times.length === 0 ? [] : own.filter((event) => event.at! >= end - feature.window);
  const leaks = t !== null && late.some((event) => event.at! > t && belongs(feature, event));
  return {
    value: orZero(feature, raw),
    status,
    naive: orZero(feature, compute(feature, late)),
    leaks,
  };
}

function orZero(feature: WindowFeature, raw: bigint | number | null): bigint | number | null {
  return raw === null && feature.kind !== 'mean_expression' && feature.zero ? 0 : raw;
}

function belongs(feature: WindowFeature, event: OracleEvent): boolean {
  if (feature.kind === 'mean_expression') return true;
  if (feature.kind === 'ratio') return passes(feature.of.where, event) || passes(feature.over.where, event);
  return passes(feature.aggregation.where, event);
}

function passes(where: OracleWhere, event: OracleEvent): boolean {
  if (where === 'tag_a') return event.tag === 'a';
  if (where === 'x_positive') return event.x !== null && event.x > 0n;
  return true;
}

function compute(feature: WindowFeature, inside: readonly OracleEvent[]): bigint | number | null {
  if (feature.kind === 'aggregation') return aggregate(feature.aggregation, inside);
  const of = feature.kind === 'ratio' ? aggregate(feature.of, inside) : sumOf(inside);
  const over = feature.kind === 'ratio' ? aggregate(feature.over, inside) : BigInt(inside.length);
  if (of === null || over === null || Number(over) === 0) return null;
  return Number(of) / Number(over);
}

function aggregate({ fn, where }: OracleAggregation, inside: readonly OracleEvent[]): bigint | number | null {
  const rows = inside.filter((event) => passes(where, event));
  const values = rows.flatMap((event) => (event.x === null ? [] : [event.x]));
  switch (fn) {
    case 'count':
      return BigInt(rows.length);
    case 'count_x':
      return BigInt(values.length);
    case 'count_distinct':
      return BigInt(new Set(values).size);
    case 'sum':
      return sumOf(rows);
    case 'avg':
      return values.length === 0 ? null : Number(sumOf(rows)) / values.length;
    case 'min':
      return values.reduce<bigint | null>((least, x) => (least === null || x < least ? x : least), null);
    case 'max':
      return values.reduce<bigint | null>((most, x) => (most === null || x > most ? x : most), null);
    case 'last': {
      const sorted = [...rows].sort((a, b) => (a.at === b.at ? a.order - b.order : a.at! < b.at! ? -1 : 1));
      return sorted.at(-1)?.x ?? null;
    }
  }
}

function sumOf(rows: readonly OracleEvent[]): bigint | null {
  let sum: bigint | null = null;
  for (const { x } of rows) if (x !== null) sum = (sum ?? 0n) + x;
  return sum;
}
