import type { Measurement } from './measure';

export interface Missing {
  figure: string;
  /** Why it could not be measured. */
  reason: string;
}

/** The figures as a Markdown table, and what could not be measured below it. */
export function table(measurements: readonly Measurement[], missing: readonly Missing[]): string {
  const rows = measurements.map((one) => [
    one.what,
    one.size,
    shown(one.ours, one.unit),
    one.against,
    one.baseline === null ? '-' : shown(one.baseline, one.unit),
    String(one.runs),
    one.baseline === null ? '-' : one.ratio.toFixed(2),
    one.processorRatio === null ? '-' : one.processorRatio.toFixed(2),
    one.goal === null || one.baseline === null ? '-' : `<= ${one.goal}`,
    verdict(one),
  ]);
  const head = ['what', 'size', 'ours', 'against', 'theirs', 'runs', 'ratio', 'CPU ratio', 'goal', ''];
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return [...lines, ...missing.map(({ figure, reason }) => `\nNot measured: ${figure}: ${reason}`)].join(
    '\n',
  );
}

function verdict({ goal, ratio }: Measurement): string {
  if (goal === null) return 'no goal';
  return ratio <= goal ? 'met' : '**missed**';
}

function shown(value: number, unit: Measurement['unit']): string {
  if (unit === 'bytes') return `${(value / 2 ** 30).toFixed(2)} GiB`;
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
