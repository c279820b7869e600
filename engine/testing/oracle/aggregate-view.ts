import { aggregate } from './aggregate';
import type { OracleDefinition, OracleEvent, OracleFeature, OracleStatus, OracleWindow } from './definition';
import { passes } from './predicates';
import { castTo, type OracleValue } from './value';
import { wholeValue } from './whole-expression';
import { stretchOf } from './window';

export type WindowDefinition = Extract<OracleDefinition, { kind: 'aggregation' | 'ratio' | 'expression' }>;

/** The definition of a feature over events. */
export function windowOf(definition: OracleDefinition): WindowDefinition {
  if (definition.kind === 'column' || definition.kind === 'on_demand')
    throw new Error(`A feature of kind ${definition.kind} has no window.`);
  return definition;
}

/**
 * A feature over events before the default. `visible`: the entity's events that can be known at `t`; `source`: all
 * events of everybody.
 */
export function windowedValue(
  { type }: OracleFeature,
  definition: WindowDefinition,
  visible: readonly OracleEvent[],
  t: bigint | null,
  source: readonly OracleEvent[],
): { raw: OracleValue; status: OracleStatus; inside: OracleEvent[] } {
  const { from, until } = t === null ? { from: 0n, until: 0n } : stretchOf(definition.window, t);
  const within = visible.filter(({ at }) => at! >= from && at! < until);
  const inside = t === null ? within : openSession(definition.window, within, until);
  const raw = castTo(type, compute(definition, inside, source));
  const before = t !== null && visible.some(({ at }) => at! < until);
  const status = inside.length > 0 ? (raw === null ? 'null' : 'present') : before ? 'expired' : 'missing';
  return { raw, status, inside };
}

/** Of a window's events those that are reached from its end by steps shorter than the gap; `until` as `stretchOf` gives it. */
function openSession(
  { session, boundary }: OracleWindow,
  events: readonly OracleEvent[],
  until: bigint,
): OracleEvent[] {
  if (session === undefined) return [...events];
  let reached = boundary === 'closed' || boundary === 'open-closed' ? until - 1n : until;
  const newestFirst = events.toSorted((a, b) => (a.at! === b.at! ? 0 : a.at! > b.at! ? -1 : 1));
  const open = new Set<OracleEvent>();
  for (const event of newestFirst) {
    if (reached - event.at! >= session) break;
    open.add(event);
    reached = event.at!;
  }
  return events.filter((event) => open.has(event));
}

/** Whether an event belongs to the feature: for a ratio, to either side. */
export function belongs(definition: WindowDefinition, event: OracleEvent): boolean {
  switch (definition.kind) {
    case 'aggregation':
      return passes(definition.aggregation.where, event);
    case 'ratio':
      return passes(definition.of.where, event) || passes(definition.over.where, event);
    case 'expression':
      return true;
  }
}

function compute(
  definition: WindowDefinition,
  inside: readonly OracleEvent[],
  source: readonly OracleEvent[],
): OracleValue {
  switch (definition.kind) {
    case 'aggregation':
      return aggregate(definition.aggregation, inside, source);
    case 'expression':
      return wholeValue(definition.expression, inside);
    case 'ratio': {
      const of = aggregate(definition.of, inside, source);
      const over = aggregate(definition.over, inside, source);
      if (of === null || over === null || Number(over) === 0) return null;
      return Number(of) / Number(over);
    }
  }
}
