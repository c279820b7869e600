import type { TimeWindow } from '../catalog/window';
import {
  aggregateStates,
  type AggregateStates,
  type CompiledAggregation,
  eventValue,
  filtered,
} from './aggregate-state';
import {
  castTo,
  type CompiledFeature,
  type CompiledView,
  eventColumns,
  knownBy,
  seenAt,
} from './compiled-view';
import { enclose, printSelect } from './select';
import { sameWindow } from './window-edges';

/** How a plan computes windows: see the files named for each. */
export type WindowPlan = 'join' | 'frames' | 'tiles';

/** Features that one pass over points and events serves. */
export interface Pass {
  plan: WindowPlan;
  /** Positions in the view's list. */
  features: number[];
  /** Distinct windows of those features, in order of first use. */
  windows: TimeWindow[];
  /** Whether the user wrote the aggregates: the pass then joins one window's events, with the source's own columns. */
  whole: boolean;
}

/** The different windows of a view, in the order in which its features first use them. */
export function windowsOf(features: readonly CompiledFeature[]): TimeWindow[] {
  return features.reduce<TimeWindow[]>((found, { window }) => {
    if (window === null || found.some((one) => sameWindow(one, window))) return found;
    return [...found, window];
  }, []);
}

/** A pass per window for aggregates that the user wrote, and for sessions; one for all others of a plan. */
export function passesOf(compiled: CompiledView, planOf: (feature: number) => WindowPlan): Pass[] {
  const single: Pass[] = [];
  const parts = new Map<WindowPlan, number[]>();
  compiled.features.forEach((feature, index) => {
    const whole = feature.expression !== null;
    if (!whole && feature.window?.session === undefined) {
      const plan = planOf(index);
      parts.set(plan, [...(parts.get(plan) ?? []), index]);
      return;
    }
    const same = single.find((pass) => pass.whole === whole && sameWindow(pass.windows[0]!, feature.window!));
    if (same) same.features.push(index);
    else single.push({ plan: 'join', features: [index], windows: [feature.window!], whole });
  });
  const rest = [...parts].map(([plan, features]) => ({
    plan,
    features,
    windows: windowsOf(features.map((index) => compiled.features[index]!)),
    whole: false,
  }));
  return [...rest, ...single];
}

/** A feature as a pass computes it: states of its sides, and how many events its window holds. */
export interface PassFeature {
  index: number;
  compiled: CompiledFeature;
  /** Position of its window in the pass. */
  window: number;
  sides: AggregateStates[];
}

/**
 * The features of a pass over events `e`; `inWindow` is the test whether `e` lies in the pass's window at that position,
 * null where every joined event does.
 */
export function passFeatures(
  compiled: CompiledView,
  pass: Pass,
  inWindow: (window: number) => string | null,
): PassFeature[] {
  return pass.features.map((index) => {
    const feature = compiled.features[index]!;
    const window = pass.windows.findIndex((one) => sameWindow(one, feature.window!));
    const sides = feature.aggregations.map((aggregation, side) => {
      const where = whereColumn(compiled, aggregation);
      const input = {
        value: valueColumn(compiled, aggregation),
        at: 'e."__at"',
        order: 'e."__order"',
        filter: allOf([inWindow(window), where]),
      };
      return aggregateStates(aggregation, input, `__${index}_${side}`);
    });
    return { index, compiled: feature, window, sides };
  });
}

export function allOf(tests: readonly (string | null)[]): string | null {
  const real = tests.filter((test) => test !== null);
  return real.length === 0 ? null : real.join(' AND ');
}

/** `__n<w>`: how many events the pass's window at position w holds. */
export function countColumns(pass: Pass, inWindow: (window: number) => string | null): string[] {
  return pass.windows.map((_, window) => `${filtered('count(*)', inWindow(window))} AS "__n${window}"`);
}

/** `__last<i>`: when the newest event that belongs to the feature was seen. */
export function lastColumns(
  compiled: CompiledView,
  features: readonly PassFeature[],
  inWindow: (window: number) => string | null,
): string[] {
  return features.map(({ index, compiled: { aggregations }, window }) => {
    const wheres = [...new Set(aggregations.map((one) => whereColumn(compiled, one)))];
    const belongs = wheres.length === 0 || wheres.includes(null) ? null : `(${wheres.join(' OR ')})`;
    const test = allOf([inWindow(window), belongs]);
    return `${filtered(`max(${seenAt(compiled)})`, test)} AS "__last${index}"`;
  });
}

/** The value of a feature out of its states: one aggregation as it is, two as a ratio, NULL where the denominator is 0. */
export function finished({ compiled, sides }: PassFeature): string {
  const [of, over] = sides.map((side) => side.finish);
  const value = over === undefined ? of! : `CAST(${of!} AS DOUBLE) / nullif(CAST(${over} AS DOUBLE), 0)`;
  return castTo(compiled.feature, value);
}

/** Events with what the features take from them worked out once each, in the scope of the source's own columns. */
export function eventSql(compiled: CompiledView): string {
  const whole = compiled.features.some((one) => one.expression !== null);
  const columns = eventColumns(compiled, [
    ...valuesOf(compiled).map((text, at) => `${text} AS "__e${at}"`),
    ...wheresOf(compiled).map((text, at) => `CAST(${enclose(text)} AS BOOLEAN) AS "__f${at}"`),
  ]);
  return printSelect({
    columns: whole ? ['* EXCLUDE ("__order")', ...columns] : columns,
    from: [compiled.sorted ?? compiled.source],
  });
}

/** The different expressions that a view's features aggregate. */
function valuesOf({ features }: CompiledView): string[] {
  const all = features.flatMap(({ aggregations }) => aggregations.map(eventValue));
  return [...new Set(all)].filter((text) => text !== null);
}

function wheresOf({ features }: CompiledView): string[] {
  const all = features.flatMap(({ aggregations }) => aggregations.map(({ where }) => where));
  return [...new Set(all)].filter((text) => text !== null);
}

function valueColumn(compiled: CompiledView, aggregation: CompiledAggregation): string {
  const text = eventValue(aggregation);
  return text === null ? 'NULL' : `e."__e${valuesOf(compiled).indexOf(text)}"`;
}

function whereColumn(compiled: CompiledView, { where }: CompiledAggregation): string | null {
  return where === null ? null : `e."__f${wheresOf(compiled).indexOf(where)}"`;
}

/** Whether events may be counted at the point `p`, beside their event time. */
export function visibility(compiled: CompiledView, ignoreAvailability: boolean): string[] {
  return ignoreAvailability ? [] : knownBy(compiled, 'p."__t"');
}
