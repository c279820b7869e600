import type { SkewLimits } from '../../engine/catalog/model';
import type { SkewResult } from '../../engine/results';
import { formatCount } from '../app/format';

interface Props {
  cell: string;
  result: SkewResult;
  /** What `fail_if` of the check says; null while the check has errors. */
  limits: SkewLimits | null;
}

/** What came of the comparison as a whole: the limits (a single one is told by the cell's error), then how many rows have no partner. */
export function SkewSummary({ cell, result, limits }: Props) {
  const { failed, features, sides, rows, unmatched } = result;
  const differing = features.filter(({ mismatches }) => mismatches > 0).length;
  const compared = (rows - unmatched) / 2;
  const first = features.find((feature) => feature.compared > 0);
  const gated = limits !== null && Object.values(limits).some((limit) => limit !== null);
  return (
    <>
      {failed.length > 1 && (
        <div className="skew-failed" role="alert" data-testid={`cell-${cell}-gate`}>
          <strong>Gate closed: above {failed.length} limits of fail_if</strong>
          <ul>
            {failed.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="cell-note" data-testid={`cell-${cell}-summary`}>
        <strong>
          {differing === 0
            ? `Nothing differs: ${formatCount(compared)} rows agree in every feature`
            : `${differing} of ${features.length} features differ`}
        </strong>
        <span>
          {formatCount(compared)} rows compared; {unmatchedWords(sides, first, unmatched)}
        </span>
        {failed.length === 0 && gated && <span>Gate open: within all limits of fail_if.</span>}
      </div>
    </>
  );
}

function unmatchedWords(
  sides: SkewResult['sides'],
  first: { only_left: number; only_right: number } | undefined,
  unmatched: number,
): string {
  if (unmatched === 0) return 'every row has a partner';
  if (first === undefined) return `${formatCount(unmatched)} without a partner`;
  const parts = [
    ...(first.only_left > 0 ? [`${formatCount(first.only_left)} only in ${sides[0]}`] : []),
    ...(first.only_right > 0 ? [`${formatCount(first.only_right)} only in ${sides[1]}`] : []),
  ];
  return parts.join(', ');
}
