import fc from 'fast-check';
import type { OracleFeature, OracleView } from '../oracle/definition';
import { stretchOf } from '../oracle/window';

export const SECOND = 1_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

/** Midnights around which everything happens: one within the instants' reach of 1970. */
export const midnight = fc.constantFrom(1_735_689_600_000_000n, 1_735_689_600_000_000n, 0n, -DAY);

const jitter = fc.constantFrom(0n, 0n, 0n, 1n, -1n);

/** Instants relative to a midnight: whole hours of a day and a half, days of a month, five minutes, a microsecond beside. */
export const moment: fc.Arbitrary<bigint> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 30 }).map((hours) => BigInt(hours) * HOUR) },
      { weight: 2, arbitrary: fc.integer({ min: -20, max: 20 }).map((days) => BigInt(days) * DAY) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 24 }).map((count) => BigInt(count) * 5n * MINUTE) },
    ),
    jitter,
  )
  .map(([far, beside]) => far + beside);

/** When an event happens: at a moment, or at an edge that a spine row's window (or ttl) has, or beside it. */
export type When =
  { kind: 'moment'; at: bigint } | { kind: 'edge'; row: number; edge: number; beside: bigint } | null;

export const when: fc.Arbitrary<When> = fc.oneof(
  { weight: 6, arbitrary: moment.map((at): When => ({ kind: 'moment', at })) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edge' as const),
      row: fc.nat(),
      edge: fc.nat(),
      beside: jitter,
    }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** When an event can be known: never, with its time (or so long after it), or at a spine row's time or beside it. */
export type Available =
  { kind: 'after'; delay: bigint } | { kind: 'row'; row: number; beside: bigint } | null;

export const available: fc.Arbitrary<Available> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(0n, 0n, 1n, HOUR, -HOUR).map((delay): Available => ({ kind: 'after', delay })),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('row' as const), row: fc.nat(), beside: jitter }) },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** The instant of an event; `times` are those of the data set's spine rows. */
export function instantOf(
  when: When,
  base: bigint,
  times: readonly bigint[],
  views: readonly OracleView[],
): bigint | null {
  if (when === null) return null;
  if (when.kind === 'moment') return base + when.at;
  const t = pick(times, when.row) ?? base;
  return pick(edgesAt(views, t), when.edge)! + when.beside;
}

/** The instant from which an event can be known. */
export function availableAt(one: Available, at: bigint | null, times: readonly bigint[]): bigint | null {
  if (one === null || at === null) return null;
  if (one.kind === 'after') return at + one.delay;
  return (pick(times, one.row) ?? at) + one.beside;
}

function edgesAt(views: readonly OracleView[], t: bigint): bigint[] {
  return [
    t,
    ...views.flatMap((view) => [...ttlEdge(view, t), ...view.features.flatMap((one) => windowEdges(one, t))]),
  ];
}

function ttlEdge({ ttl }: OracleView, t: bigint): bigint[] {
  return ttl === null ? [] : [t - ttl];
}

function windowEdges({ definition }: OracleFeature, t: bigint): bigint[] {
  if (definition.kind === 'column' || definition.kind === 'on_demand') return [];
  const { from, until } = stretchOf(definition.window, t);
  const { session } = definition.window;
  return [from, until, ...(session === undefined ? [] : [until - session])];
}

function pick<T>(list: readonly T[], place: number): T | undefined {
  return list.length === 0 ? undefined : list[place % list.length];
}
