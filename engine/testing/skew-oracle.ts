/** The statistics of a comparison again, in plain loops over arrays: what the tests of engine/skew trust. */

export type Value = number | null;

export interface Tolerances {
  absolute: number;
  relative: number;
}

/** A side's rows: the key as text, and the value. */
export interface SideRow {
  key: string;
  value: Value;
}

/** The n-th row of a key on one side belongs to the n-th of the other. */
export function pairUp(
  left: SideRow[],
  right: SideRow[],
): { pairs: [Value, Value][]; alone: [number, number] } {
  const rest = new Map<string, Value[]>();
  for (const row of right) rest.set(row.key, [...(rest.get(row.key) ?? []), row.value]);
  const pairs: [Value, Value][] = [];
  let onlyLeft = 0;
  for (const row of left) {
    const queue = rest.get(row.key);
    if (queue === undefined || queue.length === 0) onlyLeft++;
    else pairs.push([row.value, queue.shift() ?? null]);
  }
  const onlyRight = [...rest.values()].reduce((sum, queue) => sum + queue.length, 0);
  return { pairs, alone: [onlyLeft, onlyRight] };
}

export function disagree(left: Value, right: Value, tolerance: Tolerances): boolean {
  if (left === null || right === null) return left !== right;
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return false;
  if (!Number.isFinite(left) || !Number.isFinite(right)) return true;
  const gap = Math.abs(right - left);
  const scale = Math.max(Math.abs(left), Math.abs(right));
  return !(gap <= tolerance.absolute || gap <= tolerance.relative * scale);
}

/** Numbers in order, NaN last, as the engine orders them. */
export function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b || (a < b ? -1 : a > b ? 1 : 0);
}

function present(values: Value[]): number[] {
  return values.filter((value) => value !== null);
}

/** Bins named by text: `null`, `point:<edge>` for a repeated decile, else the number of deciles below the value. */
function binOf(value: Value, edges: number[]): string {
  if (value === null) return 'null';
  const same = edges.filter((edge) => ascending(edge, value) === 0).length;
  if (same > 1) return `point:${value + 0}`;
  return String(edges.filter((edge) => ascending(edge, value) < 0).length);
}

export function populationStability(left: Value[], right: Value[]): number {
  const sorted = present(left).sort(ascending);
  const edges: number[] = [];
  for (let k = 1; k <= 9 && sorted.length > 0; k++)
    edges.push(sorted[Math.ceil((k * sorted.length) / 10) - 1] ?? NaN);
  return stability(
    left.map((value) => binOf(value, edges)),
    right.map((value) => binOf(value, edges)),
  );
}

/** PSI over labels. */
export function stability(left: string[], right: string[]): number {
  let sum = 0;
  for (const bin of new Set([...left, ...right])) {
    const l = Math.max(0.0001, left.filter((label) => label === bin).length / left.length);
    const r = Math.max(0.0001, right.filter((label) => label === bin).length / right.length);
    sum += (r - l) * Math.log(r / l);
  }
  return sum;
}

/** Jensen-Shannon divergence in bits: the mean entropy gain of telling which side a label comes from. */
export function jensenShannon(left: string[], right: string[]): number {
  const entropy = (shares: number[]): number =>
    shares.reduce((sum, share) => (share > 0 ? sum - share * Math.log2(share) : sum), 0);
  const labels = [...new Set([...left, ...right])];
  const share = (side: string[], label: string): number =>
    side.filter((other) => other === label).length / side.length;
  const l = labels.map((label) => share(left, label));
  const r = labels.map((label) => share(right, label));
  const mixed = labels.map((_, index) => ((l[index] ?? 0) + (r[index] ?? 0)) / 2);
  return entropy(mixed) - (entropy(l) + entropy(r)) / 2;
}

/** The greatest gap between the two distribution functions, tried at every value. */
export function kolmogorovSmirnov(left: Value[], right: Value[]): number | null {
  const l = present(left);
  const r = present(right);
  if (l.length === 0 || r.length === 0) return null;
  const upTo = (side: number[], at: number): number =>
    side.filter((value) => ascending(value, at) <= 0).length / side.length;
  return Math.max(...[...l, ...r].map((at) => Math.abs(upTo(l, at) - upTo(r, at))));
}

/** Mean and greatest |right - left| over pairs whose difference is finite. */
export function differences(pairs: [Value, Value][]): { max: number | null; mean: number | null } {
  const gaps = pairs.flatMap(([left, right]) =>
    left === null || right === null ? [] : [Math.abs(right - left)],
  );
  const finite = gaps.filter(Number.isFinite);
  if (finite.length === 0) return { max: null, mean: null };
  return { max: Math.max(...finite), mean: finite.reduce((sum, gap) => sum + gap, 0) / finite.length };
}
