import { useState } from 'react';
import type { BackfillPartition } from '../../engine/results';
import { formatCount } from '../app/format';

const ROW = 24;
/** Rows that are seen at once; as many again are drawn above and below. */
const SEEN = 10;

/** A shape and a word for each state, so that colour is never needed to tell them apart. */
const STATES: Record<BackfillPartition['state'], { mark: string; words: string }> = {
  written: { mark: 'ok', words: 'written' },
  up_to_date: { mark: 'kept', words: 'skipped, up to date' },
  to_do: { mark: 'queued', words: 'to do' },
  failed: { mark: 'failed', words: 'failed' },
  cancelled: { mark: 'idle', words: 'cancelled' },
};

/** The files of a backfill, a row each. Only the rows in sight are drawn: there may be thousands. */
export function BackfillPartitions({
  name,
  partitions,
}: {
  name: string;
  partitions: readonly BackfillPartition[];
}) {
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.floor(top / ROW) - SEEN);
  const shown = partitions.slice(first, first + 3 * SEEN);
  return (
    <div
      className="backfill-files"
      role="grid"
      aria-label={`files of ${name}`}
      aria-rowcount={partitions.length + 1}
      aria-readonly="true"
      tabIndex={0}
      style={{ maxHeight: (SEEN + 1) * ROW }}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div className="backfill-file heading" role="row" aria-rowindex={1}>
        <span role="columnheader">instant</span>
        <span role="columnheader">view</span>
        <span role="columnheader" className="right">
          rows
        </span>
        <span role="columnheader">state</span>
      </div>
      <div role="rowgroup" style={{ height: partitions.length * ROW, paddingTop: first * ROW }}>
        {shown.map((partition, index) => (
          <div
            key={partition.file}
            className="backfill-file"
            role="row"
            aria-rowindex={first + index + 2}
            data-state={partition.state}
            title={partition.file}
          >
            <span role="gridcell" className="code">
              {instantText(partition.at)}
            </span>
            <span role="gridcell" className="ellipsis">
              {partition.view}
            </span>
            <span role="gridcell" className="right">
              {partition.rows === null ? '–' : formatCount(partition.rows)}
            </span>
            <span role="gridcell">
              <i className={`mark ${STATES[partition.state].mark}`} /> {STATES[partition.state].words}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** `2025-03-16`, with the time of day where it is not midnight UTC. */
function instantText(at: string): string {
  const time = at.slice(11, -1).replace(/\.000000$/, '');
  return time === '00:00:00' ? at.slice(0, 10) : `${at.slice(0, 10)} ${time}`;
}
