import { parseDuration } from '../../catalog/duration';
import { HOUR, isRounded, shifted, type TimeWindow } from '../../catalog/window';
import type { CausePart } from './attribution';
import { computedOf, type Subject } from './subject';

/** How a value is computed from the source under a hypothesis. */
export interface Reading {
  /** null for a column of a table. */
  window: TimeWindow | null;
  /** Whether equal values are counted each time. */
  counted: boolean;
  /** Microseconds: the value is that of `t` rounded down to `floor` (null: not at all), less `back`. */
  floor: bigint | null;
  back: bigint;
  /** Microseconds by which a table's rows seem later, where that is not the same as looking at another instant. */
  later: bigint;
  late: boolean;
  ignoreTtl: boolean;
  /** Which of the rows of one time comes last: as the definition says, or by place in the files, forwards or backwards. */
  ties: 'own' | 'first' | 'last';
  /** Whether rows that are equal in all but their place and availability count once. */
  dropped: boolean;
}

/** What becomes of the value. */
export interface Finish {
  default: 'own' | 'null' | 'constant';
  cast: 'none' | 'float32' | 'truncated' | 'rounded';
}

/** A guess at what serving does: its parts, and how values come out under it. */
export interface Hypothesis {
  parts: CausePart[];
  reading: Reading;
  finish: Finish;
}

/** The definition as it stands, under which the parts of a hypothesis are applied. */
export function plainReading(subject: Subject): Reading {
  return {
    window: computedOf(subject)?.window ?? null,
    counted: false,
    floor: null,
    back: 0n,
    later: 0n,
    late: false,
    ignoreTtl: false,
    ties: 'own',
    dropped: false,
  };
}

export const PLAIN_FINISH: Finish = { default: 'own', cast: 'none' };

const ORDER: CausePart['kind'][] = [
  'boundary',
  'length',
  'late',
  'ttl',
  'ties',
  'zone',
  'days',
  'refresh',
  'stale',
  'duplicates',
  'default',
  'cast',
];

/** The hypothesis of all these parts at once; null where they do not apply to the feature, or not to one another. */
export function hypothesisOf(subject: Subject, parts: readonly CausePart[]): Hypothesis | null {
  const ordered = [...parts].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  let reading: Reading | null = plainReading(subject);
  let finish = PLAIN_FINISH;
  for (const part of ordered) {
    if (part.kind === 'default') finish = { ...finish, default: part.gives };
    else if (part.kind === 'cast') finish = { ...finish, cast: part.to };
    else reading = applied(subject, reading, part);
    if (reading === null) return null;
  }
  return { parts: ordered, reading, finish };
}

/** Equal for readings that give the same values by the same computation. */
export function readingKey({ window, ...rest }: Reading): string {
  return JSON.stringify({ ...rest, ...window }, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

type Recomputed = Exclude<CausePart, { kind: 'default' | 'cast' }>;

function applied({ compiled }: Subject, reading: Reading, part: Recomputed): Reading | null {
  const { window } = reading;
  switch (part.kind) {
    case 'boundary':
      if (part.to === 'strict') return window === null ? { ...reading, back: reading.back + 1n } : null;
      return window === null ? null : { ...reading, window: { ...window, boundary: part.to } };
    case 'length': {
      if (window === null) return null;
      const [of, over = '1'] = part.times.split('/');
      return { ...reading, window: { ...window, length: (window.length * BigInt(of!)) / BigInt(over) } };
    }
    case 'zone': {
      const by = microseconds(part.hours);
      if (window !== null) return { ...reading, window: shifted(window, by) };
      // Without availability, rows that seem later are rows seen from an earlier instant.
      return !compiled?.availability || reading.late
        ? { ...reading, back: reading.back + by }
        : { ...reading, later: reading.later + by };
    }
    case 'days': {
      if (window === null || !isRounded(window)) return null;
      const by = microseconds(part.hours);
      return { ...reading, window: shifted({ ...window, offset: window.offset - by }, by) };
    }
    case 'refresh':
      return { ...reading, floor: parseDuration(part.every)! };
    case 'stale':
      return { ...reading, back: reading.back + parseDuration(part.by)! };
    case 'late':
      return { ...reading, late: true };
    case 'ttl':
      return { ...reading, ignoreTtl: true };
    case 'ties':
      return { ...reading, ties: part.takes };
    case 'duplicates':
      return part.are === 'counted' ? { ...reading, counted: true } : { ...reading, dropped: true };
  }
}

function microseconds(hours: number): bigint {
  return (BigInt(hours * 60) * HOUR) / 60n;
}
