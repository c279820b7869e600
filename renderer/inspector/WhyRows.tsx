import { useState } from 'react';
import type { RowExplanation } from '../../engine/training/explanation';
import { ratioWords } from '../../engine/training/explanation-text';
import { countWords, fateWords, windowWords } from '../../engine/training/explanation-words';
import { CandidateRow } from './CandidateRow';
import { CandidateTable } from './CandidateTable';
import { TimeLineFigure } from './TimeLineFigure';

/** The source rows that made a value and those that did not: on a time line, one by one, and as a table. */
export function WhyRows({ explanation }: { explanation: RowExplanation }) {
  const { candidates, ratio } = explanation;
  const [chosen, setChosen] = useState(() => firstChoice(explanation));
  const candidate = chosen === null ? undefined : candidates[chosen];
  return (
    <>
      {ratio !== null && <p>{ratioWords(ratio)}</p>}
      <TimeLineFigure explanation={explanation} chosen={chosen} onChoose={setChosen} />
      {candidate !== undefined && <CandidateRow candidate={candidate} explanation={explanation} />}
      <p>{windowWords(explanation)}</p>
      <Untimed explanation={explanation} />
      {candidates.length > 0 && (
        <CandidateTable explanation={explanation} chosen={chosen} onChoose={setChosen} />
      )}
    </>
  );
}

/** The row that gave the value, else the last that counted, else the last one not later than t. */
function firstChoice({ candidates, t }: RowExplanation): number | null {
  if (candidates.length === 0) return null;
  const find = (test: (one: RowExplanation['candidates'][number]) => boolean) => {
    const found = candidates.findLastIndex(test);
    return found === -1 ? null : found;
  };
  return (
    find(({ reason }) => reason === 'won') ??
    find(({ reason }) => reason === 'counted') ??
    find(({ at }) => at !== null && t !== null && at <= t) ??
    0
  );
}

/** Rows that have no place on a time line. */
function Untimed({ explanation }: { explanation: RowExplanation }) {
  const found = explanation.reasons.find(({ reason }) => reason === 'no_time');
  if (found === undefined) return null;
  return (
    <p>
      {countWords(found.rows, 'row')}: {fateWords(found, explanation)}.
    </p>
  );
}
