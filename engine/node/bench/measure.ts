/** Both sides of a figure, measured in this run. */
export interface Measurement {
  figure: string;
  what: string;
  /** Milliseconds, medians; bytes where `unit` says so. */
  ours: number;
  /** null where the goal is a plain limit. */
  baseline: number | null;
  /** What the baseline is, in words; for a limit what is measured. */
  against: string;
  /** Median of the runs' ours / baseline; for a limit ours / limit. */
  ratio: number;
  /** The same of processor time; null where a side does not tell. */
  processorRatio: number | null;
  /** The greatest ratio that meets the goal; null where there is none yet. */
  goal: number | null;
  /** Rows on both sides. */
  size: string;
  runs: number;
  unit: 'ms' | 'bytes';
}

/** What both sides gave: counts and sums, equal but for the last bits of a sum of floating point numbers. */
export type Digest = number[];

/** One side of a contest. */
export interface Side {
  /** What it is, in words. */
  name: string;
  /** Gives its own time when it works in another process. */
  run(): Promise<Time | void>;
  /** Of what the last run made; both sides take the same numbers in the same order. */
  digest(): Promise<Digest>;
}

export interface Contest {
  figure: string;
  what: string;
  goal: number | null;
  size: string;
  /** No warm-up, and one run: for a side that takes minutes. */
  once?: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds of one run: on the clock, and of processor time in the process that does the work. */
export interface Time {
  clock: number;
  processor: number | null;
}

/** A side that works in another process measures itself. */
async function timeOf(side: Side): Promise<Time> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const own = await side.run();
  if (own) return own;
  const { user, system } = process.cpuUsage(before);
  return { clock: performance.now() - started, processor: (user + system) / 1000 };
}

/**
 * A warm-up of both sides, whose results must be the same; then both in turn, `runs` times, so that a slow phase of the
 * machine hits both. Throws when the results differ: a faster wrong answer is no figure.
 */
export async function compare(
  { once = false, ...contest }: Contest,
  ours: Side,
  theirs: Side,
  runs: number,
): Promise<Measurement> {
  const times: [Time, Time][] = [];
  const round = async (): Promise<void> => {
    times.push([await timeOf(ours), await timeOf(theirs)]);
  };
  await round();
  const [left, right] = [await ours.digest(), await theirs.digest()];
  if (!sameDigest(left, right))
    throw new Error(
      `${contest.what}: ${ours.name} gives [${left.join(', ')}], ${theirs.name} [${right.join(', ')}]`,
    );
  if (!once) {
    times.length = 0;
    for (let run = 0; run < runs; run++) await round();
  }
  return {
    ...contest,
    ours: median(times.map(([mine]) => mine.clock)),
    baseline: median(times.map(([, other]) => other.clock)),
    against: theirs.name,
    ratio: median(times.map(([mine, other]) => mine.clock / other.clock)),
    processorRatio: processorRatio(times),
    runs: times.length,
    unit: 'ms',
  };
}

function processorRatio(times: readonly [Time, Time][]): number | null {
  const ratios = times.flatMap(([{ processor: mine }, { processor: other }]) =>
    mine === null || other === null ? [] : [mine / other],
  );
  return ratios.length === times.length ? median(ratios) : null;
}

/** A number against a plain limit in its own unit. */
export function against(
  contest: Omit<Contest, 'goal'>,
  unit: Measurement['unit'],
  values: readonly number[],
  limit: number,
  words: string,
): Measurement {
  const ours = median(values);
  return {
    ...contest,
    ours,
    baseline: null,
    against: words,
    ratio: ours / limit,
    processorRatio: null,
    goal: 1,
    runs: values.length,
    unit,
  };
}

export function sameDigest(left: Digest, right: Digest): boolean {
  return (
    left.length === right.length &&
    left.length > 0 &&
    left.every((value, index) => Math.abs(value - right[index]!) <= 1e-9 * Math.max(1, Math.abs(value)))
  );
}
