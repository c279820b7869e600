import { DatabaseZap } from 'lucide-react';
import { useState } from 'react';
import type { InterruptedWrite, MaterializeResult } from '../../engine/results';
import { formatCount, formatDuration } from '../app/format';
import { useApp, useAppStore } from '../store/context';
import type { OutputProps } from './CellOutput';
import { MaterializeCounts } from './MaterializeCounts';
import { MaterializeFindings } from './MaterializeFindings';
import { MaterializeSamples } from './MaterializeSamples';
import { WriteReceipt } from './WriteReceipt';

/** What a write would do, and after the user's yes what it did. */
export function MaterializeOutput({ block, entry, run }: OutputProps) {
  const store = useAppStore();
  const result = run.result as MaterializeResult;
  const job = useApp((state) => state.analysis.shown?.materializations.get(block.name));
  const [samples, setSamples] = useState(false);
  const interrupted = result.written ? null : result.interrupted;
  const busy = entry.phase !== 'done';
  const failed = result.batches.filter((batch) => batch.outcome === 'failed');
  const complete = result.written && result.verified === true && failed.length === 0;
  const nothing = complete || (interrupted === null && writtenRows(result) === 0);
  const dropJournal = interrupted?.same_plan === false;
  return (
    <div className="cell-body" data-testid={`cell-${block.name}-result`}>
      <div role="status" style={{ marginBottom: 6 }}>
        {result.written ? (
          <strong>
            Written in {formatDuration(result.ms)}.{' '}
            {result.verified === true ? readBackWords(result) : 'Reading back found differences.'}
          </strong>
        ) : (
          <strong>
            Dry run: nothing was written.
            {nothing && ' There is nothing to write: the store holds these values or newer ones.'}
          </strong>
        )}{' '}
        <span className="dim">
          {formatCount(result.entities)} entity-view pairs, project {job?.project}, redis {job?.redis}
        </span>
      </div>
      <MaterializeCounts cell={block.name} result={result} />
      {interrupted !== null && <Interrupted interrupted={interrupted} />}
      {failed.map((batch, index) => (
        <div key={index} className="bad">
          A batch of {formatCount(batch.rows)} failed: {batch.error?.message} {batch.error?.hint}
        </div>
      ))}
      <div style={{ display: 'flex', gap: 8, marginTop: 10 }}>
        <button
          className="button primary"
          data-testid={`cell-${block.name}-materialize`}
          disabled={busy || nothing}
          title={nothing ? 'The store holds these values' : 'Plumbline asks before it writes'}
          onClick={() => void store.getState().runs.run(block.name, 'whole', { write: true, dropJournal })}
        >
          <DatabaseZap size={13} />{' '}
          {interrupted === null
            ? 'Materialize…'
            : dropJournal
              ? 'Give up the interrupted write and materialize…'
              : 'Go on with the interrupted write…'}
        </button>
        <button className="button" aria-pressed={samples} onClick={() => setSamples(!samples)}>
          {samples ? 'Hide samples' : 'Samples'}
        </button>
      </div>
      {samples && <MaterializeSamples samples={result.samples} />}
      {samples && <MaterializeFindings findings={result.findings} />}
      {result.receipt !== null && <WriteReceipt cell={block.name} receipt={result.receipt} />}
    </div>
  );
}

const writtenRows = ({ added, changed, replaced }: MaterializeResult): number => added + changed + replaced;

function readBackWords(result: MaterializeResult): string {
  const written = writtenRows(result);
  const what =
    result.read_back >= written
      ? 'Every hash'
      : `A sample of ${formatCount(result.read_back)} of ${formatCount(written)} hashes`;
  if (result.overtaken === 0) return `${what} was read back and is equal.`;
  const newer = `${formatCount(result.overtaken)} ${result.overtaken === 1 ? 'holds' : 'hold'} newer values`;
  return `${what} was read back: ${newer} of another writer by now, all others are equal.`;
}

function Interrupted({ interrupted }: { interrupted: InterruptedWrite }) {
  const { startedAt, rows, acknowledged, same_plan } = interrupted;
  return (
    <div className="notice" role="status" style={{ marginTop: 10 }}>
      The write of {startedAt.slice(0, 19).replace('T', ' ')} UTC stopped after {formatCount(acknowledged)} of{' '}
      {formatCount(rows)} rows.{' '}
      {same_plan
        ? 'It can be gone on with: nothing that is acknowledged is sent again.'
        : 'What would be written now is something else. Restore definitions and data to go on with it, or give it up: what it wrote stays and is compared anew.'}
    </div>
  );
}
