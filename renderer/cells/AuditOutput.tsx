import { FileText } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import type { AuditFeature, AuditResult } from '../../engine/results';
import { formatCount, formatShare } from '../app/format';
import { useApp, useAppStore } from '../store/context';
import { AuditReasons } from './AuditReasons';
import { AuditTable } from './AuditTable';
import type { OutputProps } from './CellOutput';
import { FoundRows } from './FoundRows';
import { VerdictLegend, VerdictPatterns } from './VerdictBar';
import { Warnings } from './Warnings';

function worst(features: readonly AuditFeature[]): string | null {
  return features.toSorted((a, b) => a.right - b.right)[0]?.column ?? null;
}

/** What an audit found: the verdicts per feature, the reasons of the chosen one, and the single values. */
export function AuditOutput({ block, entry, run }: OutputProps) {
  const result = run.result as AuditResult;
  const { rows, features } = result;
  const { doneId } = entry;
  const session = useApp((state) => state.engine.session);
  const patterns = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const column = chosen ?? worst(features);
  const feature = features.find((candidate) => candidate.column === column);
  const found = useMemo(() => {
    const audit = session?.audit(block.name);
    if (session === null || audit === undefined || audit.findings === 0) return null;
    const runKey = `${block.id} ${doneId} findings`;
    return { session, at: audit.relation, count: audit.findings, runKey };
  }, [session, block.id, block.name, doneId]);

  return (
    <>
      <AuditSummary cell={block.name} result={result} runId={doneId} />
      <Warnings warnings={result.warnings} />
      <VerdictPatterns id={patterns} />
      {rows === 0 ? null : (
        <>
          <VerdictLegend id={patterns} />
          <AuditTable
            cell={block.name}
            patterns={patterns}
            features={features}
            rows={rows}
            chosen={column}
            onChoose={setChosen}
          />
        </>
      )}
      {feature !== undefined && result.rows_not_right > 0 && (
        <AuditReasons cell={block.name} feature={feature} rows={rows} />
      )}
      {found !== null && <FoundRows cell={block.name} words="values that are not right" {...found} />}
    </>
  );
}

function AuditSummary({ cell, result, runId }: { cell: string; result: AuditResult; runId: string | null }) {
  const store = useAppStore();
  const [saved, setSaved] = useState<{ runId: string | null; path: string } | null>(null);
  const { file, rows, rows_not_right: wrong, percent_not_right: percent, limit } = result;
  const save = async () => {
    const path = await store.getState().runs.saveReport(cell);
    if (path !== null) setSaved({ runId, path });
  };
  return (
    <div className="cell-note">
      <strong data-testid={`cell-${cell}-summary`}>
        {rows === 0
          ? `${file} has no rows`
          : wrong === 0
            ? `All ${formatCount(rows)} rows of ${file} are right`
            : `${formatCount(wrong)} of ${formatCount(rows)} rows of ${file} are not right (${formatShare(wrong, rows)})`}
      </strong>
      <span className={percent > limit || rows === 0 ? 'tag bad' : 'tag'}>
        {percent > limit ? 'past' : 'within'} the limit of {limit} %
      </span>
      <span className="grow" />
      {saved?.runId === runId && saved !== null && (
        <span role="status" data-testid={`cell-${cell}-report-file`}>
          written to <span className="code">{saved.path}</span>
        </span>
      )}
      <button className="button" data-testid={`cell-${cell}-report`} onClick={() => void save()}>
        <FileText size={13} /> Save report
      </button>
    </div>
  );
}
