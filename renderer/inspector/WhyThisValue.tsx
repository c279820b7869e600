import { ArrowLeft } from 'lucide-react';
import type { Explanation } from '../../engine/training/explanation';
import { explanationText, placeWords } from '../../engine/training/explanation-text';
import { naiveWords, summaryWords, valueWords } from '../../engine/training/explanation-words';
import { CopyButton } from './CopyButton';
import { WhyInputs } from './WhyInputs';
import { WhyRows } from './WhyRows';

export interface WhyThisValueProps {
  explanation: Explanation;
  /** The name under which the value is shown. */
  name: string;
  /** Whether it was reached from a value that is computed from it. */
  nested: boolean;
  /** Explains an input, or with null goes back to what was computed from it. */
  onExplain(ref: string | null): void;
}

/** One value: what it is, what made it, and what did not. */
export function WhyThisValue({ explanation, name, nested, onExplain }: WhyThisValueProps) {
  const { value, raw, type, defaulted, naive, status, indicator, sql } = explanation;
  return (
    <div className="why" data-testid="why">
      {nested && (
        <button type="button" className="button quiet" onClick={() => onExplain(null)}>
          <ArrowLeft size={12} /> Back to what is computed from it
        </button>
      )}
      <div className="why-value">
        <b>{name}</b> = {valueWords(value, type)}
        {defaulted && (
          <span className="why-tag">default, {status === 'present' ? 'value is NULL' : status}</span>
        )}
        {!defaulted && raw === null && <span className="why-tag">{status}</span>}
      </div>
      <div className="why-at">{placeWords(explanation)}</div>
      <p className="why-summary">{summaryWords(explanation)}</p>
      {indicator !== null && (
        <p>
          {indicator.column} = {String(indicator.value)}
        </p>
      )}
      {explanation.kind === 'on_demand' ? (
        <WhyInputs explanation={explanation} onExplain={onExplain} />
      ) : (
        <WhyRows explanation={explanation} />
      )}
      <p className={naive.leaks ? 'why-leak' : undefined}>{naiveWords(explanation)}</p>
      <details className="why-rows">
        <summary>The SQL that gave the value</summary>
        <pre className="why-sql" role="region" aria-label="The SQL that gave the value" tabIndex={0}>
          {sql}
        </pre>
        <CopyButton label="Copy the SQL" text={() => sql} />
      </details>
      <CopyButton label="Copy as text" text={() => explanationText(explanation)} />
    </div>
  );
}
