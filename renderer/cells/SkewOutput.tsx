import { useMemo, useState } from 'react';
import type { SkewFeature, SkewResult } from '../../engine/results';
import { FeatureScreen } from '../skew/FeatureScreen';
import { SkewSummary } from '../skew/SkewSummary';
import { SkewTable } from '../skew/SkewTable';
import '../skew/skew.css';
import { useApp } from '../store/context';
import type { OutputProps } from './CellOutput';
import { Warnings } from './Warnings';

function worst(features: readonly SkewFeature[]): string | null {
  return features.toSorted((a, b) => b.mismatches - a.mismatches)[0]?.column ?? null;
}

/** A comparison: its limits, the features in a table, and the causes, charts and rows of the chosen one. */
export function SkewOutput({ block, entry, run }: OutputProps) {
  const result = run.result as SkewResult;
  const { doneId } = entry;
  const session = useApp((state) => state.engine.session);
  const check = useApp((state) => state.analysis.shown?.skews.get(block.name) ?? null);
  const [chosen, setChosen] = useState<string | null>(null);
  const known = result.features.some(({ column }) => column === chosen);
  const column = known ? chosen : worst(result.features);
  const feature = result.features.find((candidate) => candidate.column === column);
  // The engine replaces what it holds with every run.
  const skew = useMemo(
    () => (doneId === null ? undefined : session?.skew(block.name)),
    [session, block.name, doneId],
  );
  const compared = skew?.features.some((one) => one.column === column) ?? false;
  return (
    <>
      <SkewSummary cell={block.name} result={result} limits={check?.limits ?? null} />
      <Notes warnings={result.warnings} />
      <SkewTable
        cell={block.name}
        sides={result.sides}
        features={result.features}
        chosen={column}
        onChoose={setChosen}
      />
      {session !== null && skew !== undefined && feature !== undefined && compared && (
        <FeatureScreen
          cell={block.name}
          runKey={`${block.id} ${doneId}`}
          session={session}
          skew={skew}
          check={check}
          result={result}
          feature={feature}
        />
      )}
    </>
  );
}

/** What to know of the rows; the counts of those without a partner stand above already. */
function Notes({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <details className="skew-notes">
      <summary>
        {warnings.length === 1 ? '1 note on the rows' : `${warnings.length} notes on the rows`}
      </summary>
      <Warnings warnings={warnings} />
    </details>
  );
}
