import type { LookupAnswer } from '../results';

/** The smallest measured time that at least `share` of all times do not exceed (nearest rank). */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? 0;
}

export function latencyOf(times: readonly number[]): LookupAnswer['latency_ms'] {
  const sorted = [...times].sort((left, right) => left - right);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
}
