/**
 * Verdicts by brute force, written from docs/audit.md alone: every value is computed at every instant at which it could
 * change. Times are bigint microseconds; values are bigint, so that equal means equal.
 */

export interface OracleEvent {
  user: bigint;
  at: bigint;
  value: bigint;
}

/** A feature as the value that one user has at an instant; `own` = not only a default. */
export interface OracleFeature {
  at(events: readonly OracleEvent[], t: bigint): { value: bigint | null; own: boolean };
  /** The instants to try around `t`. */
  instants(events: readonly OracleEvent[], t: bigint): bigint[];
  default: bigint | null;
  /** The value with the window's upper edge closed. */
  closed?(events: readonly OracleEvent[], t: bigint): { value: bigint | null; own: boolean };
}

export interface OracleVerdict {
  verdict: 'right' | 'future' | 'stale' | 'wrong';
  reason: string | null;
  distance: bigint | null;
}

/** The newest row's value, none older than `ttl`. */
export function tableFeature(ttl: bigint | null, stand: bigint | null): OracleFeature {
  return {
    at(events, t) {
      const newest = events
        .filter((event) => event.at <= t)
        .reduce<OracleEvent | null>((best, event) => (best && best.at > event.at ? best : event), null);
      const alive = newest !== null && (ttl === null || newest.at >= t - ttl);
      return { value: alive ? newest.value : stand, own: alive };
    },
    instants: (events) => events.map((event) => event.at),
    default: stand,
  };
}

const HOUR = 3_600_000_000n;
const STEPS = [1n, HOUR, 24n * HOUR, 168n * HOUR, 720n * HOUR];

/** The sum over `[t - length, t)`. */
export function sumFeature(length: bigint, stand: bigint | null, end: bigint): OracleFeature {
  const sum = (inside: readonly OracleEvent[]): { value: bigint | null; own: boolean } =>
    inside.length === 0
      ? { value: stand, own: false }
      : { value: inside.reduce((total, event) => total + event.value, 0n), own: true };
  return {
    at: (events, t) => sum(events.filter((event) => event.at < t && event.at >= t - length)),
    instants(events, t) {
      const changes = events.flatMap((event) => [event.at + 1n, event.at + length + 1n]);
      const held = changes.map((change) => (change <= t ? change - 1n : change));
      return [...held, ...STEPS.flatMap((step) => [t + step, t - step]), end];
    },
    default: stand,
    closed: (events, t) => sum(events.filter((event) => event.at <= t && event.at >= t - length)),
  };
}

/** What is to be said of `value` in a row of `user` at `t`; `events` are that user's. */
export function verdictOf(
  feature: OracleFeature,
  events: readonly OracleEvent[],
  t: bigint,
  value: bigint | null,
): OracleVerdict {
  const truth = feature.at(events, t);
  if (truth.value === value) return { verdict: 'right', reason: null, distance: null };
  const closed = feature.closed?.(events, t);
  if (closed?.own && closed.value === value)
    return { verdict: 'future', reason: 'closed_window', distance: 1n };
  const explaining = feature
    .instants(events, t)
    .filter((s) => s !== t)
    .filter((s) => {
      const there = feature.at(events, s);
      return there.own && there.value === value;
    });
  const away = (s: bigint): bigint => (s > t ? s - t : t - s);
  const [nearest] = explaining.sort((a, b) => Number(away(a) - away(b)) || Number(b - a));
  if (nearest !== undefined) {
    const verdict = nearest > t ? 'future' : 'stale';
    return { verdict, reason: null, distance: away(nearest) };
  }
  if (value === null) return { verdict: 'wrong', reason: truth.own ? 'null' : 'no_default', distance: null };
  const reason = value === feature.default ? 'default' : 'no_instant';
  return { verdict: 'wrong', reason, distance: null };
}
