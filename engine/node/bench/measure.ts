/** One figure of the benchmark: ours against a baseline, both measured in this run. */
export interface Figure {
  what: string;
  /** Milliseconds, medians. */
  ours: number;
  baseline: number;
  /** What the baseline is, in words. */
  against: string;
  /** ours / baseline. */
  ratio: number;
  /** The goal for the ratio at full size; null where there is none yet. */
  goal: number | null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Runs both in turn, one warm-up each and then `runs` counted, so that a slow phase of the machine hits both. */
export async function compare(
  what: string,
  ours: () => Promise<unknown>,
  against: string,
  baseline: () => Promise<unknown>,
  options: { runs: number; goal: number | null },
): Promise<Figure> {
  await ours();
  await baseline();
  const times: [number, number][] = [];
  for (let run = 0; run < options.runs; run++)
    times.push([await milliseconds(ours), await milliseconds(baseline)]);
  const [left, right] = [median(times.map(([time]) => time)), median(times.map(([, time]) => time))];
  return { what, ours: left, baseline: right, against, ratio: left / right, goal: options.goal };
}

export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    figure.ours.toFixed(0),
    figure.against,
    figure.baseline.toFixed(0),
    figure.ratio.toFixed(2),
    figure.goal === null ? '-' : `<= ${figure.goal} at full size`,
  ]);
  const head = ['what', 'ours, ms', 'against', 'its ms', 'ratio', 'goal'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
