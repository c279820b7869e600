import { Copy } from 'lucide-react';
import { useState } from 'react';
import { timestampText } from '../../engine/database/exact-text';
import type { Explanation } from '../../engine/training/explanation';
import { explanationText } from '../../engine/training/explanation-text';
import {
  naiveWords,
  fateWords,
  summaryWords,
  valueWords,
  windowWords,
} from '../../engine/training/explanation-words';
import { writeClipboard } from '../results/clipboard';
import { countText } from '../results/numbers';
import { CandidateRow } from './CandidateRow';
import { CandidateTable } from './CandidateTable';
import { TimeLineFigure } from './TimeLineFigure';

export interface WhyThisValueProps {
  explanation: Explanation;
  /** The feature's output column and its DuckDB type. */
  column: string;
  columnType: string;
}

/** One value: what it is, the rows that made it, and those that did not, on a time line. */
export function WhyThisValue({ explanation, column, columnType }: WhyThisValueProps) {
  const { value, raw, defaulted, naive, status, candidates, ratio } = explanation;
  const [chosen, setChosen] = useState(() => firstChoice(explanation));
  const candidate = chosen === null ? undefined : candidates[chosen];
  return (
    <div className="why" data-testid="why">
      <div className="why-value">
        <b>{column}</b> = {valueWords(value, columnType)}
        {defaulted && (
          <span className="why-tag">default, {status === 'present' ? 'value is NULL' : status}</span>
        )}
        {!defaulted && raw === null && <span className="why-tag">{status}</span>}
      </div>
      <div className="why-at">{placeOf(explanation)}</div>
      <p className="why-summary">{summaryWords(explanation)}</p>
      {ratio !== null && (
        <p>
          Numerator {valueWords(ratio.of, 'DOUBLE')}, denominator {valueWords(ratio.over, 'DOUBLE')}.
        </p>
      )}
      <TimeLineFigure explanation={explanation} chosen={chosen} onChoose={setChosen} />
      {candidate !== undefined && <CandidateRow candidate={candidate} explanation={explanation} />}
      <p>{windowWords(explanation)}</p>
      <Untimed explanation={explanation} />
      <p className={naive.leaks ? 'why-leak' : undefined}>{naiveWords(explanation)}</p>
      {candidates.length > 0 && (
        <CandidateTable explanation={explanation} chosen={chosen} onChoose={setChosen} />
      )}
      <details className="why-rows">
        <summary>The SQL that gave the value</summary>
        <pre className="why-sql" role="region" aria-label="The SQL that gave the value" tabIndex={0}>
          {explanation.sql}
        </pre>
        <CopyButton label="Copy the SQL" text={() => explanation.sql} />
      </details>
      <CopyButton label="Copy as text" text={() => explanationText(explanation)} />
    </div>
  );
}

/** The row that gave the value, else the last that counted, else the last one not later than t. */
function firstChoice({ candidates, t }: Explanation): number | null {
  if (candidates.length === 0) return null;
  const find = (test: (one: Explanation['candidates'][number]) => boolean) => {
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

function placeOf({ entity, t }: Explanation): string {
  const keys = Object.entries(entity).map(([name, key]) => `${name} ${valueWords(key, '')}`);
  return `${keys.join(', ')} at ${t === null ? 'no time' : `${timestampText(t)} UTC`}`;
}

/** Rows that have no place on a time line. */
function Untimed({ explanation }: { explanation: Explanation }) {
  const found = explanation.reasons.find(({ reason }) => reason === 'no_time');
  if (found === undefined) return null;
  return (
    <p>
      {countText(found.rows)} {found.rows === 1 ? 'row' : 'rows'}: {fateWords(found, explanation)}.
    </p>
  );
}

function CopyButton({ label, text }: { label: string; text(): string }) {
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onBlur={() => setDone(false)}
      onClick={() => void writeClipboard(text()).then(() => setDone(true))}
    >
      <Copy size={12} /> {done ? 'Copied' : label}
    </button>
  );
}
