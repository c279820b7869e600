import type { TrainingResult } from '../../engine/results';
import { countText } from './numbers';

interface Props {
  result: Pick<TrainingResult, 'sample' | 'spine_rows'>;
  testId?: string;
}

/** Which rows the numbers beside it are of: `sample of 10,000 of 12,288 rows`, or `all 12,288 rows`. */
export function SampleTag({ result: { sample, spine_rows }, testId }: Props) {
  return sample === null ? (
    <span className="tag" data-testid={testId}>
      all {countText(spine_rows)} rows
    </span>
  ) : (
    <span className="tag warn" data-testid={testId}>
      sample of {countText(sample)} of {countText(spine_rows)} rows
    </span>
  );
}
