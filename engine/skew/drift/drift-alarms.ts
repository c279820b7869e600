import { printDuration } from '../../catalog/duration';
import { PlumblineError } from '../../errors';
import { percent } from '../limits';
import type { DriftCheck } from '../../catalog/model';
import { DRIFT_MEASURES, type DriftMeasure, type DriftResult, type DriftWindow } from './drift-result';

/** Above this PSI a window asks for a look. */
export const NOTICE_PSI = 0.1;

/** What each measure is called in words. */
export const MEASURE_WORDS: Readonly<Record<DriftMeasure, string>> = {
  psi: 'PSI',
  ks: 'KS',
  null_rate: 'the share of NULL',
  default_rate: 'the share of the default',
};

/** The alarm lines of a check by measure. */
export function driftLines({ lines }: DriftCheck): DriftResult['lines'] {
  return { psi: lines.psi, ks: lines.ks, null_rate: lines.nullRate, default_rate: lines.defaultRate };
}

/** What differences of shares may miss by: 1 - 0.7 is no alarm at a line of 0.3. */
const ROUNDING = 1e-12;

/** The lines that the numbers of a window are above. */
export function alarmsOf(
  lines: DriftResult['lines'],
  numbers: Pick<DriftWindow, DriftMeasure>,
): DriftMeasure[] {
  return DRIFT_MEASURES.filter((measure) => {
    const [line, value] = [lines[measure], numbers[measure]];
    return line !== null && value !== null && value > line + ROUNDING;
  });
}

/** A sentence for each line that some of the windows are above. */
export function alarmSentences(
  column: string,
  lines: DriftResult['lines'],
  windows: readonly DriftWindow[],
): string[] {
  return DRIFT_MEASURES.flatMap((measure) => {
    const above = windows.filter(({ alarms }) => alarms.includes(measure));
    const worst = above.reduce<DriftWindow | null>(
      (most, one) => (most === null || one[measure]! > most[measure]! ? one : most),
      null,
    );
    if (worst === null) return [];
    const text = (value: number): string =>
      measure === 'psi' || measure === 'ks' ? value.toFixed(3) : percent(value);
    const line = text(lines[measure]!);
    const [what, most] = [MEASURE_WORDS[measure], text(worst[measure]!)];
    return above.length === 1
      ? [`${column}: ${what} is ${most} in the window of ${worst.start}; the line is ${line}.`]
      : [
          `${column}: ${what} is above ${line} in ${above.length} windows, most in that of ${worst.start}: ${most}.`,
        ];
  });
}

/** A sentence where a view's rows were older than they may be. Ages and `sla` in milliseconds. */
export function freshnessSentences(
  view: string,
  sla: number | null,
  windows: readonly { at: string; age_ms: number | null; late: boolean }[],
): string[] {
  const late = windows.filter((one) => one.late);
  const worst = late.reduce<(typeof late)[number] | null>(
    (most, one) => (most === null || one.age_ms! > most.age_ms! ? one : most),
    null,
  );
  if (worst === null || sla === null) return [];
  const times = late.length === 1 ? '' : `at ${late.length} window ends, most `;
  return [
    `${view}: the newest row was ${ageText(worst.age_ms!)} old ${times}at ${worst.at}; the SLA is ${ageText(sla)}.`,
  ];
}

/** Milliseconds in hours and minutes, minutes, or seconds: `26h`, `20h 59m`, `90m`. */
export function ageText(ms: number): string {
  if (ms < 7_200_000) return wholeText(ms, ms >= 120_000 ? 60_000 : 1_000);
  const rest = ms % 3_600_000;
  return rest < 60_000 ? wholeText(ms, 3_600_000) : `${wholeText(ms, 3_600_000)} ${wholeText(rest, 60_000)}`;
}

function wholeText(ms: number, unit: number): string {
  return printDuration(BigInt(Math.floor(ms / unit) * unit) * 1000n);
}

/** The failure of a check that asks for one; null when nothing is above its line, or `fail` does not say so. */
export function driftFailure(
  check: DriftCheck,
  { alarms }: Pick<DriftResult, 'alarms'>,
): PlumblineError | null {
  const [first, ...others] = alarms;
  if (first === undefined || !check.fail) return null;
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return new PlumblineError('drift.alarm', `${first}${more}`, {
    hint: 'The result has every window. What is accepted goes into the alarm lines, or "fail: false".',
    place: { cell: check.name },
  });
}
