/** The most files that one backfill may have: its journal is written anew after each of them. */
export const MOST_PARTITIONS = 10_000;

/** How many instants `start`, `start + every`, ... there are up to `end`, all in microseconds. */
export function gridLength(start: bigint, end: bigint, every: bigint): bigint {
  return end < start ? 0n : (end - start) / every + 1n;
}

/** The instants `start`, `start + every`, ... up to and including `end`, in microseconds. */
export function gridInstants(start: bigint, end: bigint, every: bigint): bigint[] {
  const length = Number(gridLength(start, end, every));
  return Array.from({ length }, (_, step) => start + BigInt(step) * every);
}
