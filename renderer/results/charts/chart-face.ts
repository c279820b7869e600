import type { ThemeColors } from '../css-colors';
import type { GridRow } from '../types';

export type Json = Record<string, unknown>;

/** A chart without its rows: it stays the same object while rows come and go, so that only they are drawn anew. */
export interface ChartFace {
  title: string;
  /** Vega-Lite, without `data`. A selection in it is called `brush` (an interval) or `pick` (points). */
  spec: Json;
}

/** A chart with rows that do not change. */
export interface ChartPart extends ChartFace {
  data: GridRow[];
}

/** What is compared, as it is called on screen; left first. */
export interface Compared {
  feature: string;
  sides: readonly [left: string, right: string];
}

export const BRUSH = 'brush';
export const PICK = 'pick';

/** Rows for one side's colour and name in a legend. */
export function sideColor({ sides }: Compared, { train, serve }: ThemeColors): Json {
  return {
    field: 'side',
    type: 'nominal',
    title: null,
    scale: { domain: [...sides], range: [train, serve] },
    legend: { labelLimit: 140 },
  };
}

/** A selection of an interval. */
export function brushParam(encodings: readonly ('x' | 'y')[], colors: ThemeColors): Json {
  return {
    name: BRUSH,
    select: {
      type: 'interval',
      encodings,
      mark: { fill: colors.accent, fillOpacity: 0.12, stroke: colors.accent, strokeOpacity: 0.7 },
    },
  };
}

/** A selection of one value of `value` by clicking its mark; another click takes it back. */
export const PICK_PARAM: Json = {
  name: PICK,
  select: { type: 'point', fields: ['value'], toggle: 'true' },
};

/** Marks that are not picked step back while some are. */
export const PICKED: Json = { condition: { param: PICK, value: 1 }, value: 0.35 };

export const PERCENT: Json = { format: '%', tickCount: 4 };

/** A scale of shares begins at 0 and reaches 1 % at least: an axis of zeros alone would have no scale. */
export const SHARES: Json = { zero: true, domain: { unionWith: [0, 0.01] } };

/** An axis of names, each of them written. */
export function names(labelLimit: number): Json {
  return { labelLimit, labelOverlap: false, labelFontSize: 10 };
}

/** Bars along a scale of names: few of them do not become slabs. */
export function barsOf(scale: 'y' | 'yOffset'): Json {
  return { type: 'bar', height: { expr: `min(0.9 * bandwidth('${scale}'), ${scale === 'y' ? 26 : 16})` } };
}

/** How an axis of time writes a tick, by the period that a mark covers; a short axis has ticks between periods. */
export function timeFormat(markMs: number, axisMs = Infinity): Json {
  const periodMs = Math.min(markMs, axisMs / TICKS);
  if (periodMs < DAY_MS) return { format: HOURS };
  return { format: periodMs < 28 * DAY_MS ? '%b %d' : '%b %Y' };
}

/** From and to in milliseconds since 1970, UTC. Numbers alone would be years to the interpreter of expressions. */
export function timeScale(domain: readonly [number, number]): Json {
  return { domain: domain.map((time) => ({ expr: String(time) })), type: 'utc' };
}

/** Of 24 hours, the day where one begins. */
const HOURS = {
  year: '%b %d',
  quarter: '%b %d',
  month: '%b %d',
  week: '%b %d',
  date: '%b %d',
  day: '%b %d',
  hours: '%H:%M',
  minutes: '%H:%M',
  seconds: '%H:%M:%S',
};
/** On an axis of time, about. */
const TICKS = 5;
const DAY_MS = 86_400_000;

/** What a mark says under the pointer. */
export function tooltip(...fields: [field: string, title: string, more?: Json][]): Json[] {
  return fields.map(([field, title, more = {}]) => ({ field, title, ...more }));
}

export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A printed value as a label: NULL and the empty text are told apart. */
export function label(value: string | null): string {
  return value === null ? 'NULL' : value === '' ? '(empty)' : value;
}

export type Rows = GridRow[];
