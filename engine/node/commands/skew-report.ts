import type { SkewFeature, SkewResult } from '../../results';

const count = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const number = (value: number | null): string => (value === null ? '-' : value.toFixed(3));

/** A comparison for a terminal: the features that differ most first, each with its cause; then what is above its limit. */
export function skewLines(result: SkewResult): string[] {
  const [left, right] = result.sides;
  const features = [...result.features].sort((a, b) => b.mismatches - a.mismatches);
  return [
    `    ${left} against ${right}: ${count(result.unmatched)} of ${count(result.rows)} rows have no partner`,
    ...features.flatMap((feature) => [featureLine(feature), ...causeLines(feature)]),
    ...result.failed.map((sentence) => `    ✗ ${sentence}`),
    ...result.warnings.map((warning) => `    ! ${warning}`),
  ];
}

function featureLine({ ref, mismatches, compared, psi, ks }: SkewFeature): string {
  return `    ${ref.padEnd(44)} ${count(mismatches)} of ${count(compared)} differ, PSI ${number(psi)}, KS ${number(ks)}`;
}

/** The named cause with what would make both sides agree, or that there is none. */
function causeLines({ attribution }: SkewFeature): string[] {
  if (attribution === undefined) return [];
  const note = attribution.note === null ? [] : [`        ${attribution.note}`];
  const [best] = attribution.causes;
  const named = attribution.verdict !== null && best !== undefined;
  if (!named) {
    const near = best ? `; the nearest explains ${percent(best.explains)}: ${best.sentence}` : '';
    return [`        no known cause${near}`, ...note];
  }
  const edits = best.edits.map(({ cell, label }) => `        to agree: ${label} in ${cell}`);
  const hint = best.hint === null ? [] : [`        ${best.hint}`];
  return [`        ${percent(best.explains)} of them: ${best.sentence}`, ...edits, ...hint, ...note];
}
