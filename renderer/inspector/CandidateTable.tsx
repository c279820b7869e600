import type { RowExplanation } from '../../engine/training/explanation';
import { timestampText } from '../../engine/database/exact-text';
import { shownWords } from '../../engine/training/explanation-text';
import { candidateWords } from '../../engine/training/explanation-words';
import { showValue } from '../results/value-format';

export interface CandidateTableProps {
  explanation: RowExplanation;
  chosen: number | null;
  onChoose(row: number): void;
}

/** The time line as a table: every listed row with its time, what became of it, and its values. */
export function CandidateTable({ explanation, chosen, onChoose }: CandidateTableProps) {
  const { candidates, columns } = explanation;
  const title = shownWords(explanation);
  return (
    <details className="why-rows">
      <summary>{title}</summary>
      <div className="why-table" role="region" aria-label={title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">event time (UTC)</th>
              <th scope="col">what became of it</th>
              {columns.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate, row) => (
              <tr
                key={candidate.order}
                aria-current={row === chosen ? 'true' : undefined}
                onClick={() => onChoose(row)}
              >
                <td>{candidate.at === null ? 'NULL' : timestampText(candidate.at)}</td>
                <td>{candidateWords(candidate, explanation)}</td>
                {columns.map(({ name, type }) => (
                  <td key={name}>{showValue(candidate.values[name], type).text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
