import { BOUNDARIES, isRounded } from '../../catalog/window';
import type { FeatureKind } from '../../sql/compared-value';
import type { CausePart } from './attribution';
import { type Hypothesis, hypothesisOf, readingKey } from './reading';
import { computedOf, type Subject } from './subject';

/** What the hypotheses depend on beside the definition. */
export interface Seen {
  kind: FeatureKind;
  /** The most frequent right value where nothing is known, as text; null: there is none. */
  constant: string | null;
  /** Whether rows of one entity share a time. */
  tied: boolean;
  /** Whether there is a table without duplicates. */
  compared: boolean;
}

/** Zones of the world, hours from UTC; those with a broken hour that many people live in. */
const WHOLE_ZONES = Array.from({ length: 27 }, (_, at) => at - 12).filter((hours) => hours !== 0);
const BROKEN_ZONES = [-9.5, -3.5, 3.5, 4.5, 5.5, 5.75, 6.5, 9.5, 10.5];
const ZONES = [...WHOLE_ZONES, ...BROKEN_ZONES];

/** Single causes, the more usual first: of causes that no row tells apart, the first is named. */
function singleParts(subject: Subject, seen: Seen): CausePart[] {
  const { feature, compiled } = subject;
  const parts: CausePart[] = [];
  if (feature.default.kind !== 'none') parts.push({ kind: 'default', gives: 'null' });
  if (seen.constant !== null) parts.push({ kind: 'default', gives: 'constant', value: seen.constant });
  if (seen.kind === 'real' && !feature.type.startsWith('int'))
    parts.push(
      ...(feature.type === 'float64' ? [{ kind: 'cast', to: 'float32' } as const] : []),
      { kind: 'cast', to: 'truncated' },
      { kind: 'cast', to: 'rounded' },
    );
  if (compiled === null) return parts;
  const { view, availability } = compiled;
  const { window, aggregations } = computedOf(subject)!;
  if (window !== null) {
    parts.push(
      ...BOUNDARIES.filter((to) => to !== window.boundary).map((to) => ({ kind: 'boundary', to }) as const),
    );
    if (aggregations.some(({ fn }) => fn === 'count_distinct' || fn === 'approx_count_distinct'))
      parts.push({ kind: 'duplicates', are: 'counted' });
  } else parts.push({ kind: 'boundary', to: 'strict' });
  if (availability !== null) parts.push({ kind: 'late' });
  if (view.kind === 'dimension' || (view.kind === 'table' && view.ttl !== null)) parts.push({ kind: 'ttl' });
  if (seen.tied) parts.push(...tieParts(subject));
  for (const by of ['1h', '1d', '7d']) parts.push({ kind: 'stale', by });
  for (const every of ['1h', '1d']) parts.push({ kind: 'refresh', every });
  if (window !== null) {
    for (const times of ['2', '7', '1/7', '1/24'] as const) parts.push({ kind: 'length', times });
    if (isRounded(window)) for (const hours of ZONES) parts.push({ kind: 'days', hours });
  }
  for (const hours of ZONES) parts.push({ kind: 'zone', hours });
  if (seen.compared) parts.push({ kind: 'duplicates', are: 'dropped' });
  return parts;
}

/** What several rows of one time are to a feature that takes one of them, or reads them in order. */
function tieParts(subject: Subject): CausePart[] {
  const { view } = subject.compiled!;
  const { window, aggregations, expression } = computedOf(subject)!;
  if (window !== null)
    return expression !== null || aggregations.some(({ fn }) => ORDERED.has(fn))
      ? [{ kind: 'ties', takes: 'first' }]
      : [];
  if (view.kind !== 'table') return [];
  const byPlace: CausePart[] = view.createdTimestamp === null ? [] : [{ kind: 'ties', takes: 'last' }];
  return [...byPlace, { kind: 'ties', takes: 'first' }];
}

const ORDERED = new Set(['first', 'last', 'last_n']);

export function singles(subject: Subject, seen: Seen): Hypothesis[] {
  return singleParts(subject, seen).flatMap((part) => {
    const one = hypothesisOf(subject, [part]);
    return one === null ? [] : [one];
  });
}

/** Two causes in the same rows. What comes to the same as one alone is that one. */
export function compositions(subject: Subject, seen: Seen): Hypothesis[] {
  const parts = singleParts(subject, seen);
  const window = computedOf(subject)?.window ?? null;
  const days: CausePart[] =
    window !== null && !isRounded(window) ? WHOLE_ZONES.map((hours) => ({ kind: 'days', hours })) : [];
  const all = [...parts, ...days].filter(inPairs);
  const same = (one: Hypothesis): string => sameKey(subject, one);
  const known = new Set([hypothesisOf(subject, [])!, ...singles(subject, seen)].map(same));
  return all.flatMap((one, at) =>
    all.slice(at + 1).flatMap((other) => {
      if (!goTogether(one, other)) return [];
      const both = hypothesisOf(subject, [one, other]);
      return both === null || known.has(same(both)) ? [] : [both];
    }),
  );
}

/** Equal where the values are: without availability, an earlier instant is a window farther back. */
function sameKey({ compiled }: Subject, { reading: own, finish }: Hypothesis): string {
  const { window, back, late } = own;
  const movable = window !== null && !isRounded(window) && (!compiled?.availability || late);
  const reading = movable ? { ...own, back: 0n, window: { ...window, offset: window.offset + back } } : own;
  return `${readingKey(reading)} ${finish.default} ${finish.cast}`;
}

/** Of zones with a broken hour only India's: each costs a trial with every other cause. */
function inPairs(part: CausePart): boolean {
  return (part.kind !== 'zone' && part.kind !== 'days') || Number.isInteger(part.hours) || part.hours === 5.5;
}

function goTogether(one: CausePart, other: CausePart): boolean {
  const kinds = [one.kind, other.kind];
  return one.kind !== other.kind && !(kinds.includes('zone') && kinds.includes('days'));
}
