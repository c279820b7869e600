import type { Candidate, RowExplanation } from '../../engine/training/explanation';
import { timestampText } from '../../engine/database/exact-text';
import { candidateWords } from '../../engine/training/explanation-words';
import { showValue } from '../results/value-format';

/** The chosen row in words: its time, what became of it, its values. Read out when the choice moves. */
export function CandidateRow({
  candidate,
  explanation,
}: {
  candidate: Candidate;
  explanation: RowExplanation;
}) {
  const { at, until, values } = candidate;
  return (
    <div className="why-row" role="status" aria-live="polite" data-testid="why-row">
      <div>
        {at === null ? 'no event time' : `${timestampText(at)} UTC`}
        {until === null ? '' : ` to ${timestampText(until)}`}
        <br />
        <b>{candidateWords(candidate, explanation)}</b>
      </div>
      <dl>
        {explanation.columns.map(({ name, type }) => (
          <div key={name}>
            <dt title={name}>{name}</dt>
            <dd>{showValue(values[name], type).text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
