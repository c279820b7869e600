import type { Attribution, Cause } from '../../engine/skew/causes/attribution';
import { alsoChanged } from '../../engine/skew/edit-reach';
import type { SkewFeature } from '../../engine/results';
import type { BuiltSkew } from '../../engine/skew/skew';
import { useApp, useAppStore } from '../store/context';
import { causeName, keepsWords, sentence } from './cause-words';
import { CauseEvidence } from './CauseEvidence';
import type { Brush } from './skew-selection';

interface Props {
  cell: string;
  skew: BuiltSkew | null;
  feature: SkewFeature;
  features: readonly SkewFeature[];
  attribution: Attribution;
  side: string;
  cause: Cause;
  /** Whether it is the cause of the verdict, whose sentence stands above. */
  named: boolean;
  onEvidence(brush: Brush): void;
}

/** One cause: what serving does, the rows that show it, and the way to make both sides agree. */
export function CauseDetail({ cell, skew, feature, features, side, cause, named, onEvidence }: Props) {
  const { examples, alike, hint } = cause;
  return (
    <div className="skew-cause-detail" data-testid={`cell-${cell}-cause`}>
      {!named && <p>{sentence(cause.sentence, side)}.</p>}
      <p className="dim">
        {keepsWords(cause)}
        {alike.length > 0 && ` Not told apart from ${alike.map(causeName).join(', ')} by any row.`}
      </p>
      <CauseFix cell={cell} feature={feature} features={features} cause={cause} />
      {hint !== null && (
        <p>
          <span className="tag">in serving</span> {sentence(hint, side)}
        </p>
      )}
      {skew !== null && examples.length > 0 && (
        <CauseEvidence
          skew={skew}
          cause={cause}
          side={side}
          onShow={() =>
            onEvidence({
              source: 'cause',
              condition: { kind: 'pairs', pairs: examples.map(({ row }) => BigInt(row)) },
              words: `evidence of ${causeName(cause.cause)}`,
            })
          }
        />
      )}
    </div>
  );
}

type FixProps = Pick<Props, 'cell' | 'feature' | 'features' | 'cause'>;

function CauseFix({ cell, feature, features, cause: { edits } }: FixProps) {
  const store = useAppStore();
  const catalog = useApp((state) => state.analysis.shown);
  const readOnly = useApp((state) => state.document.current?.readOnly ?? true);
  const [first] = edits;
  if (first === undefined) return null;
  const also = catalog === null ? [] : alsoChanged(edits, feature.ref, features, catalog);
  const cells = [...new Set(edits.map((edit) => edit.cell))].join(' and ');
  return (
    <>
      <p>
        <button
          className="button primary"
          data-testid={`cell-${cell}-apply`}
          title="Then both sides agree wherever this is the cause"
          disabled={readOnly}
          onClick={() => store.getState().runs.applyCause(cell, edits)}
        >
          {edits.map(({ label }) => label).join(', ')} in {cells}
        </button>
      </p>
      {also.length > 0 && (
        <p className="warn-text" role="note">
          This changes {also.join(', ')} too, which {also.length === 1 ? 'agrees' : 'agree'} now.
        </p>
      )}
    </>
  );
}
