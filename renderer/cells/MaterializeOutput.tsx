import { DatabaseZap } from 'lucide-react';
import { useState } from 'react';
import type { MaterializeResult } from '../../engine/results';
import { formatCount, formatDuration } from '../app/format';
import { useApp, useAppStore } from '../store/context';
import type { OutputProps } from './CellOutput';
import { MaterializeSamples } from './MaterializeSamples';

const COUNTS = [
  ['added', 'added'],
  ['changed', 'changed'],
  ['skipped_older', 'skipped, not newer'],
  ['skipped_equal', 'skipped, equal'],
  ['null_overwrites', 'NULL over a value'],
] as const;

/** What a write would do, and after the user's yes what it did. */
export function MaterializeOutput({ block, entry, run }: OutputProps) {
  const store = useAppStore();
  const result = run.result as MaterializeResult;
  const job = useApp((state) => state.analysis.shown?.materializations.get(block.name));
  const [samples, setSamples] = useState(false);
  const busy = entry.phase !== 'done';
  const failed = result.batches.filter((batch) => batch.outcome === 'failed');
  const complete = result.written && result.verified === true && failed.length === 0;
  const nothing = complete || result.added + result.changed === 0;
  return (
    <div className="cell-body" data-testid={`cell-${block.name}-result`}>
      <div role="status" style={{ marginBottom: 6 }}>
        {result.written ? (
          <strong>
            Written in {formatDuration(result.ms)}.{' '}
            {result.verified === true
              ? 'Every hash was read back and is equal.'
              : 'Reading back found differences.'}
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
      <table className="table" style={{ maxWidth: 360 }} data-testid={`cell-${block.name}-counts`}>
        <tbody>
          {COUNTS.map(([key, label]) => (
            <tr key={key} className={key === 'null_overwrites' && result[key] > 0 ? 'warn' : undefined}>
              <td>{label}</td>
              <td className="right" data-count={key}>
                {formatCount(result[key])}
              </td>
            </tr>
          ))}
          {(result.null_keys ?? 0) > 0 && (
            <tr className="warn">
              <td>left out, a join key is NULL</td>
              <td className="right">{formatCount(result.null_keys ?? 0)}</td>
            </tr>
          )}
        </tbody>
      </table>
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
          onClick={() => void store.getState().runs.run(block.name, 'whole', { write: true })}
        >
          <DatabaseZap size={13} /> Materialize…
        </button>
        <button className="button" aria-pressed={samples} onClick={() => setSamples(!samples)}>
          {samples ? 'Hide samples' : 'Samples'}
        </button>
      </div>
      {samples && <MaterializeSamples samples={result.samples} />}
    </div>
  );
}
