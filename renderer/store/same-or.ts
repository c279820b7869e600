/** `before` when both say the same all the way down, else `after`. For plain data, maps, sets and bigints. */
export function sameOr<T, B extends T | null>(before: B, after: T): T {
  return before !== null && same(before, after) ? (before as unknown as T) : after;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) return sameList([...a], [...b]);
  if (a instanceof Set && b instanceof Set) return sameList([...a], [...b]);
  if (Array.isArray(a) && Array.isArray(b)) return sameList(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => same(item, b[i]));
}
