import { HOUR, DAY, MINUTE } from '../catalog/window';
import type { CompiledFeature, CompiledView, ViewFacts } from './compiled-view';
import type { Points } from './points';
import { leadOf, reachOf, sameWindow } from './window-edges';
import { type Pass, passesOf, type WindowPlan } from './window-pass';

/** How the newest visible row of a feature table is found. */
export type AsOfPlan = 'grid' | 'range' | 'bucket' | 'asof';

/** Plans that a test insists on. One that cannot serve a view gives way to one that can. */
export interface ForcedPlans {
  asOf?: AsOfPlan;
  window?: WindowPlan;
  /** Whether windows read a sorted copy of their events, however many there are. */
  sorted?: boolean;
}

/** What was chosen for a view, and why, for people. */
export interface PlanChoice {
  view: string;
  /** `range`, or where passes differ `join + tiles (1h)`. */
  plan: string;
  why: string;
  /** Rows of the source; null before it was looked at. */
  rows: number | null;
  /** Points (spine rows) asked for; null where not known. */
  points: number | null;
  /** About how many source rows a point meets; null where not known. */
  perPoint: number | null;
}

export interface WindowPlans {
  passes: Pass[];
  /** Whether joined points meet stretches of the time line only. */
  stretches: boolean;
  /** A tile's length, microseconds. */
  step: bigint;
  choice: PlanChoice;
}

/** A join touches every pair of point and event; with more events a point than this, tiles or frames are cheaper. */
const DENSE = 400;
/**
 * Where a history is at least so many windows long, points meet only the stretches that they touch. In a shorter one the
 * second copy of each point costs more than the pairs that it spares.
 */
const LONG_HISTORY = 6n;
/** A tile's length is one of these, microseconds. */
const STEPS = [MINUTE, 5n * MINUTE, HOUR, DAY];

/** Which pass each feature of a view of windows goes through. */
export function chooseWindowPlans(
  compiled: CompiledView,
  points: Points,
  forced: ForcedPlans = {},
): WindowPlans {
  const { facts, features } = compiled;
  const reach = longest(features);
  const perPoint = facts === null ? null : eventsPerPoint(compiled, reach);
  const dense = perPoint !== null && perPoint > DENSE;
  const wanted = forced.window ?? (dense ? 'tiles' : 'join');
  const planOf = (index: number): WindowPlan => served(compiled, compiled.features[index]!, wanted);
  const passes = passesOf(compiled, planOf).flatMap((pass) =>
    pass.plan === 'tiles' ? byWindow(compiled, pass) : [pass],
  );
  const step = stepFor(reach, perPoint);
  const stretches = facts === null || facts.span >= LONG_HISTORY * reach;
  const names = [
    ...new Set(passes.map(({ plan }) => (plan === 'tiles' ? `tiles (${stepText(step)})` : plan))),
  ];
  return {
    passes,
    stretches,
    step,
    choice: {
      view: compiled.view.name,
      plan: names.join(' + '),
      why: windowReason(passes, perPoint, forced.window !== undefined),
      rows: facts?.rows ?? null,
      points: points.count ?? null,
      perPoint: perPoint === null ? null : Math.round(perPoint),
    },
  };
}

/** Which way to the newest visible row of a feature table. `ttl`: microseconds, null = unlimited. */
export function chooseAsOfPlan(
  compiled: CompiledView,
  points: Points,
  ttl: bigint | null,
  forced: ForcedPlans = {},
): { plan: AsOfPlan; choice: PlanChoice } {
  const { facts, availability } = compiled;
  const perPoint = facts === null ? null : rowsPerPoint(compiled, ttl);
  const [plan, why] = asOfPlan(compiled, points, ttl, perPoint, forced.asOf);
  return {
    plan,
    choice: {
      view: compiled.view.name,
      plan,
      why: availability === null ? why : `${why}; rows count from ${availability} on`,
      rows: facts?.rows ?? null,
      points: points.count ?? null,
      perPoint: perPoint === null ? null : Math.round(perPoint),
    },
  };
}

/** A table with rows at fewer of its grid's instants is no regular grid: equality would seldom find one. */
const FILLED = 0.25;

/** At what share of the grid's instants an average row's entity has a row. */
function filled({ density, span, grid }: ViewFacts): number {
  return grid === null ? 0 : density / (Number(span / grid) + 1);
}

function asOfPlan(
  { facts, availability }: CompiledView,
  points: Points,
  ttl: bigint | null,
  perPoint: number | null,
  forced: AsOfPlan | undefined,
): [AsOfPlan, string] {
  const grid = facts?.grid ?? null;
  const onGrid = grid !== null && (ttl === null || ttl >= grid);
  if (forced === 'grid' && onGrid) return ['grid', 'asked for'];
  if (forced === 'range') return ['range', 'asked for'];
  if (forced === 'bucket' && ttl !== null) return ['bucket', 'asked for'];
  if (forced === 'asof' && availability === null) return ['asof', 'asked for'];
  if (onGrid && filled(facts!) >= FILLED)
    return [
      'grid',
      `every row lies on a full ${grid === DAY ? 'day' : 'hour'}: equality finds the newest one`,
    ];
  if (ttl === null) {
    if (availability !== null)
      return ['range', 'without a ttl every earlier row of the entity is a candidate'];
    const pairs = (facts?.density ?? Infinity) * (points.count ?? Infinity);
    if (facts !== null && pairs < 2 * facts.rows)
      return ['range', 'few points: meeting all rows of their entities costs less than sorting the table'];
    return ['asof', 'no ttl bounds how far back to look: one sorted pass finds the newest row'];
  }
  if (perPoint !== null && facts !== null && facts.density > 4 * perPoint + 50)
    return [
      'bucket',
      'the ttl is short beside the history: points meet only the stretches that the ttl touches',
    ];
  return ['range', 'the ttl bounds how far back to look, and entities have few rows'];
}

function longest(features: readonly CompiledFeature[]): bigint {
  return features.reduce((most, { window }) => {
    const reach = window === null ? 0n : reachOf(window);
    return reach > most ? reach : most;
  }, 1n);
}

/** Events that the longest window of an average point holds, hot entities weighing as much as they have events. */
function eventsPerPoint({ facts }: CompiledView, reach: bigint): number {
  return facts!.density * shareOf(reach, facts!.span);
}

function rowsPerPoint({ facts }: CompiledView, ttl: bigint | null): number {
  return facts!.density * (ttl === null ? 1 : shareOf(ttl, facts!.span));
}

function shareOf(reach: bigint, span: bigint): number {
  return span <= reach ? 1 : Number(reach) / Number(span);
}

/** The wanted plan where it can compute the feature, else the nearest that can. */
function served(compiled: CompiledView, feature: CompiledFeature, wanted: WindowPlan): WindowPlan {
  if (wanted === 'join' || compiled.availability !== null || feature.window?.session !== undefined)
    return 'join';
  const fits = (mergeable: boolean): boolean =>
    feature.aggregations.every(({ fn, sum }) =>
      fn === 'sum' || fn === 'avg' ? sum.kind !== 'ordered' : (mergeable ? MERGEABLE : FRAMED).has(fn),
    );
  if (wanted === 'tiles' && fits(true)) return 'tiles';
  // A frame has one way to look: back.
  return fits(false) && leadOf(feature.window!) === 0n ? 'frames' : 'join';
}

/** Whose states of parts give that of the whole; sums besides. */
const MERGEABLE = new Set(['count', 'min', 'max']);
/** Which DuckDB computes over frames; sums besides. */
const FRAMED = new Set(['count', 'min', 'max', 'first', 'last']);

function byWindow(compiled: CompiledView, pass: Pass): Pass[] {
  return pass.windows.map((window) => ({
    ...pass,
    windows: [window],
    features: pass.features.filter((index) => sameWindow(compiled.features[index]!.window!, window)),
  }));
}

/** The tile that leaves about as many events at the edges as tiles inside. */
function stepFor(reach: bigint, perPoint: number | null): bigint {
  const cost = (step: bigint): number =>
    Number(reach) / Number(step) + 2 * (perPoint ?? 1_000) * (Number(step) / Number(reach));
  return STEPS.reduce((best, step) => (cost(step) < cost(best) ? step : best));
}

function stepText(step: bigint): string {
  return step % DAY === 0n ? '1d' : step % HOUR === 0n ? '1h' : `${step / MINUTE}m`;
}

function windowReason(passes: readonly Pass[], perPoint: number | null, forced: boolean): string {
  if (forced) return 'asked for';
  if (perPoint === null) return 'the source has not been looked at';
  const events = `about ${Math.round(perPoint).toLocaleString('en-US')} events in the longest window`;
  const plans = new Set(passes.map(({ plan }) => plan));
  if (plans.size === 1 && plans.has('join'))
    return perPoint > DENSE
      ? `${events}, but only pairs of point and event can give these values`
      : `${events}: pairs of point and event are few`;
  const parts = [
    ...(plans.has('tiles') ? ['whole tiles inside a window and single events at its edges'] : []),
    ...(plans.has('frames') ? ['frames where parts of a window cannot be put together'] : []),
    ...(plans.has('join') ? ['pairs for what neither can give'] : []),
  ];
  return `${events}: ${parts.join(', ')}`;
}
