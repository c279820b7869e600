import { ChevronRight } from 'lucide-react';
import type { ExpressionExplanation } from '../../engine/training/explanation';
import { valueWords } from '../../engine/training/explanation-words';

export interface WhyInputsProps {
  explanation: ExpressionExplanation;
  onExplain(ref: string): void;
}

/** What an expression is computed from; each feature explains itself on a click. */
export function WhyInputs({ explanation, onExplain }: WhyInputsProps) {
  const { expression, inputs, parameters } = explanation;
  return (
    <>
      <pre className="why-sql">{expression}</pre>
      <ul className="why-inputs" aria-label="What it is computed from">
        {inputs.map(({ name, ref, type, value, status, defaulted, leaks }) => (
          <li key={name}>
            <button type="button" className="button" onClick={() => onExplain(ref)}>
              <span>
                <b>{name}</b> = {valueWords(value, type)}
              </span>
              <span className={leaks ? 'why-leak' : undefined}>
                {[
                  ...(defaulted ? [`default, ${status}`] : status === 'present' ? [] : [status]),
                  ...(leaks ? ['leaks if naive'] : []),
                ].join(', ')}
              </span>
              <ChevronRight size={12} />
            </button>
          </li>
        ))}
        {parameters.map(({ name, type, value }) => (
          <li key={name}>
            <b>{name}</b> = {valueWords(value, type)}, of the spine
          </li>
        ))}
      </ul>
    </>
  );
}
