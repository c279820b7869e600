import type { ChartName } from '../../engine/skew/charts/read-charts';
import type { PairCondition, PairFilter, SegmentBy } from '../../engine/skew/pair-filter';
import type { ChartSelection } from '../results/types';

/** Where a condition came from: it filters everything but that. */
export type BrushSource =
  Extract<ChartName, 'distribution' | 'categories' | 'scatter' | 'time' | 'segments'> | 'cause';

/** A condition that was set by hand in a chart or panel. */
export interface Brush {
  source: BrushSource;
  condition: PairCondition;
  /** As a person reads it. */
  words: string;
}

export type Selection = readonly Brush[];

/** Two brushes of one key take each other's place: a chart of another feature or column keeps its own. */
export function keyOf({ source, condition }: Brush): string {
  if ('feature' in condition) return `${source} ${condition.feature}`;
  if (condition.kind === 'segment') return `${source} ${condition.by.side} ${condition.by.column}`;
  return source;
}

/** With the brush in place of the one of its key; a new one comes last. */
export function withBrush(selection: Selection, brush: Brush): Selection {
  const at = selection.findIndex((one) => keyOf(one) === keyOf(brush));
  return at < 0 ? [...selection, brush] : selection.with(at, brush);
}

export function withoutBrush(selection: Selection, key: string): Selection {
  const rest = selection.filter((one) => keyOf(one) !== key);
  return rest.length === selection.length ? selection : rest;
}

/** What a chart of `feature` is brushed by itself, by its key. */
export function ownKey(chart: ChartName, feature: string, by: SegmentBy): string {
  if (chart === 'segments') return by.kind === 'time' ? chart : `${chart} ${by.side} ${by.column}`;
  return chart === 'time' ? chart : `${chart} ${feature}`;
}

/** The conditions that a chart draws under: all but its own. */
export function filterFor(selection: Selection, own: string | null): PairFilter {
  return selection.filter((brush) => keyOf(brush) !== own).map(({ condition }) => condition);
}

interface Context {
  feature: string;
  sides: readonly [string, string];
  by: SegmentBy;
}

/** What a selection in a chart means as a condition; null where it covers nothing. */
export function brushOf(source: BrushSource, selection: ChartSelection, context: Context): Brush | null {
  if (selection === null) return null;
  const { feature, sides, by } = context;
  switch (source) {
    case 'distribution': {
      const range = rangeOf(selection['from']);
      if (range === null) return null;
      const condition = { kind: 'values', feature, left: range, right: range, match: 'any' } as const;
      return { source, condition, words: `${feature} ${rangeWords(range)}` };
    }
    case 'scatter': {
      const [left, right] = [rangeOf(selection['left']), rangeOf(selection['right'])];
      if (left === null || right === null) return null;
      const condition = { kind: 'values', feature, left, right, match: 'all' } as const;
      const words = `${feature}: ${sides[0]} ${rangeWords(left)}, ${sides[1]} ${rangeWords(right)}`;
      return { source, condition, words };
    }
    case 'time': {
      const range = rangeOf(selection['time']);
      return range === null ? null : timeBrush(source, micros(range.from), micros(range.to));
    }
    case 'categories':
    case 'segments': {
      const picked = selection['value'];
      if (picked === undefined) return null;
      const value = picked[0] === null || picked[0] === undefined ? null : String(picked[0]);
      if (source === 'categories')
        return {
          source,
          condition: { kind: 'category', feature, value },
          words: `${feature} is ${word(value)}`,
        };
      if (by.kind === 'column')
        return { source, condition: { kind: 'segment', by, value }, words: `${by.column} is ${word(value)}` };
      return value === null ? null : timeBrush(source, BigInt(value), BigInt(value) + by.every);
    }
    case 'cause':
      return null;
  }
}

/** What a chart shows as selected under a brush of its own. */
export function marksOf({ condition }: Brush): ChartSelection {
  switch (condition.kind) {
    case 'values': {
      const ends = (range: { from: number; to: number } | null) =>
        range === null ? [] : [range.from, range.to];
      const [left, right] = [ends(condition.left), ends(condition.right)];
      return condition.match === 'any' ? { from: left } : { left, right };
    }
    case 'time':
      return { time: [Number(condition.from) / 1000, Number(condition.to) / 1000] };
    case 'category':
    case 'segment':
      return { value: [condition.value] };
    case 'differs':
    case 'pairs':
      return null;
  }
}

function timeBrush(source: BrushSource, from: bigint, to: bigint): Brush {
  return { source, condition: { kind: 'time', from, to }, words: `${timeText(from)} to ${timeText(to)} UTC` };
}

function rangeOf(ends: readonly unknown[] | undefined): { from: number; to: number } | null {
  const [a, b] = (ends ?? []).map(Number);
  if (a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b) || a === b)
    return null;
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

function micros(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1000n;
}

function timeText(us: bigint): string {
  return new Date(Number(us / 1000n)).toISOString().slice(0, 16).replace('T', ' ');
}

function word(value: string | null): string {
  return value === null ? 'NULL' : value === '' ? 'empty' : value;
}

function rangeWords({ from, to }: { from: number; to: number }): string {
  const digits = Math.max(0, Math.min(12, 2 - Math.floor(Math.log10(to - from))));
  return `${Number(from.toFixed(digits))} to ${Number(to.toFixed(digits))}`;
}
