import { quote } from './quote';

/** Our own column names, quoted, out of the way of a user's columns that happen to be called so. */
export function freeNames<T extends string>(
  taken: readonly string[],
  wanted: readonly T[],
): Record<T, string> {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  const free = wanted.map((name) => [name, quote(used.has(name) ? `${name}_` : name)] as const);
  return Object.fromEntries(free) as Record<T, string>;
}
