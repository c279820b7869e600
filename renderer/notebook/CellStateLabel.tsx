import { wholeFiles, type BackfillResult, type CellRun } from '../../engine/results';
import type { Progress } from '../../engine/ports';
import { formatCount, formatDuration } from '../app/format';
import { useSeconds } from '../app/useSeconds';
import type { CellState } from '../store/staleness';

const MARKS: Record<CellState['kind'], string> = {
  idle: 'idle',
  fresh: 'ok',
  edited: 'edited',
  upstream: 'upstream',
  lost: 'upstream',
  queued: 'queued',
  running: 'running',
  failed: 'failed',
  cancelled: 'idle',
  skipped: 'idle',
};

function names(changed: readonly string[]): string {
  return changed.length <= 2
    ? changed.join(', ')
    : `${changed.slice(0, 2).join(', ')} +${changed.length - 2}`;
}

/** What a run's row count counts. */
function rowWords({ kind, rows, result }: CellRun): string {
  if ('partitions' in result) {
    const { partitions } = result as BackfillResult;
    return `, ${formatCount(wholeFiles(partitions))} of ${formatCount(partitions.length)} files whole`;
  }
  if (rows === null) return '';
  if (kind === 'skew') return `, ${formatCount(rows)} values differ`;
  if (kind === 'drift') return `, ${formatCount(rows)} ${rows === 1 ? 'alarm' : 'alarms'}`;
  if (kind === 'audit') return `, ${formatCount(rows)} ${rows === 1 ? 'value is' : 'values are'} not right`;
  if (kind === 'replay') return `, ${formatCount(rows)} ${rows === 1 ? 'entity differs' : 'entities differ'}`;
  if (kind === 'materialize') return `, ${formatCount(rows)} stored views`;
  return ` on ${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
}

function paceWords({ rate, secondsLeft }: Progress): string {
  if (rate === undefined || secondsLeft === undefined) return '';
  return `, ${formatCount(Math.round(rate))} a second, ${formatDuration(secondsLeft * 1000)} left`;
}

function words(state: CellState, seconds: number): string {
  switch (state.kind) {
    case 'idle':
      return 'not run';
    case 'fresh': {
      return `fresh, ${formatDuration(state.run.ms)}${rowWords(state.run)}`;
    }
    case 'edited':
      return 'edited since the run';
    case 'upstream':
      return `upstream changed: ${names(state.changed)}`;
    case 'lost':
      return 'engine restarted: run again';
    case 'queued':
      return 'queued';
    case 'running': {
      const { progress } = state;
      if (progress === null) return `running, ${seconds.toFixed(1)} s`;
      const total = progress.totalRows === undefined ? '' : ` of ${formatCount(progress.totalRows)}`;
      const rows = progress.rows === undefined ? '' : `, ${formatCount(progress.rows)}${total} rows`;
      return `${progress.phase}${rows}, ${seconds.toFixed(1)} s${paceWords(progress)}`;
    }
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'skipped':
      return 'skipped: what it needs failed';
  }
}

/** A cell's state, told by a shape and by words. */
export function CellStateLabel({ name, state }: { name: string; state: CellState }) {
  const seconds = useSeconds(state.kind === 'running' ? state.startedAt : null);
  return (
    <span
      className={`cell-state ${state.kind}`}
      data-testid={`cell-${name}-state`}
      data-state={state.kind}
      title={state.kind === 'upstream' ? state.changed.join(', ') : undefined}
    >
      <i className={`mark ${MARKS[state.kind]}`} />
      <span className="ellipsis">{words(state, seconds)}</span>
    </span>
  );
}
