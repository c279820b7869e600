import type { SkewCheck, SkewLimits } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { SkewFeature, SkewResult } from '../results';

/** What is above its limit, a sentence each. */
export function aboveLimits(
  limits: SkewLimits,
  result: Pick<SkewResult, 'features' | 'rows' | 'unmatched'>,
): string[] {
  const found = result.features.flatMap((feature) => featureAbove(limits, feature));
  const { rows, unmatched } = result;
  const share = rows === 0 ? 0 : unmatched / rows;
  if (limits.unmatchedRate !== null && share > limits.unmatchedRate)
    found.push(
      `${percent(share)} of the rows have no partner; the limit is ${percent(limits.unmatchedRate)}.`,
    );
  return found;
}

function featureAbove(limits: SkewLimits, feature: SkewFeature): string[] {
  const { column, compared, mismatches, psi, null_rate: nulls } = feature;
  if (compared === 0) return [];
  const found: string[] = [];
  const share = mismatches / compared;
  if (limits.mismatchRate !== null && share > limits.mismatchRate)
    found.push(
      `${column}: ${percent(share)} of the rows differ; the limit is ${percent(limits.mismatchRate)}. ${causeOf(feature)}`.trim(),
    );
  if (limits.psi !== null && psi !== null && psi > limits.psi)
    found.push(`${column}: PSI is ${psi.toFixed(3)}; the limit is ${limits.psi}.`);
  const served = nulls[1];
  if (limits.nullRate !== null && served !== null && served > limits.nullRate)
    found.push(
      `${column}: ${percent(served)} of the values are NULL in serving; the limit is ${percent(limits.nullRate)}.`,
    );
  return found;
}

function causeOf({ attribution }: SkewFeature): string {
  if (attribution === undefined) return '';
  const named = attribution.causes.find(({ cause }) => cause === attribution.verdict);
  return named === undefined ? 'No known cause.' : `Cause: ${named.sentence}.`;
}

/** The failure of a check that is above a limit; null when it is not. */
export function pastLimits(check: SkewCheck, { failed }: Pick<SkewResult, 'failed'>): PlumblineError | null {
  const [first, ...others] = failed;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  return new PlumblineError('skew.limit', `${first}${more}`, {
    hint: 'The result says per feature what differs and why. What is accepted goes under "fail_if".',
    place: { cell: check.name },
  });
}

/** A share for people, `1.25 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
