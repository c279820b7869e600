/**
 * Seeded pseudo-random numbers: the same sequence on every machine. Only integer and basic IEEE operations are
 * used, so no platform's mathematical library can change a value.
 */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A 32-bit integer: a Weyl sequence through the finalizer of MurmurHash3. */
  private bits(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let h = this.state;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.bits() / 0x100000000;
  }

  /** Uniform integer in [0, below). */
  int(below: number): number {
    return Math.floor(this.unit() * below);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Bell-shaped around 0, within (-1, 1): the mean of three uniforms. */
  bell(): number {
    return ((this.unit() + this.unit() + this.unit()) * 2) / 3 - 1;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.int(values.length)];
    if (value === undefined) throw new RangeError('pick from nothing');
    return value;
  }
}

/** Draws indexes in proportion to weights that rise and fall nowhere below 0. */
export class Weighted {
  private readonly cumulative: number[] = [];

  constructor(weights: readonly number[]) {
    let sum = 0;
    for (const weight of weights) this.cumulative.push((sum += weight));
  }

  draw(random: Random): number {
    const target = random.unit() * (this.cumulative.at(-1) ?? 0);
    let low = 0;
    let high = this.cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
