import { Pause, Play } from 'lucide-react';
import type { ReplayCounts } from '../../engine/results';
import { formatCount } from '../app/format';
import { useApp, useAppStore } from '../store/context';
import { holdOf } from '../store/replay-hold';
import type { CellRunEntry } from '../store/state';

const SPEEDS: readonly (readonly [value: string, words: string])[] = [
  ['cell', 'as the cell says'],
  ['1', 'real time'],
  ['60', '60 × real time'],
  ['3600', '3,600 × real time'],
  ['86400', '86,400 × real time'],
  ['max', 'as fast as possible'],
];

/** A replay while it runs: how far it is, and the ways to hold it and to change its speed. */
export function ReplayProgress({ name, entry }: { name: string; entry: CellRunEntry }) {
  const store = useAppStore();
  const speed = useApp((state) => holdOf(state.runs, name).speed);
  const paused = useApp((state) => holdOf(state.runs, name).paused);
  const counts = entry.progress?.replay?.counts;
  const rows = entry.progress?.totalRows;
  if (counts === undefined) return null;
  const hold = (change: { speed?: number | 'max' | null; paused?: boolean }) =>
    store.getState().runs.holdReplay(name, change);
  const { read } = counts;
  return (
    <div className="cell-body replay" data-testid={`cell-${name}-replaying`}>
      <div className="replay-head">
        <strong role="status" data-testid={`cell-${name}-pace`}>
          {paused ? 'Paused' : 'Replaying'}
        </strong>
        <span className="dim">
          {counts.arrival === null ? 'before the first row' : `at ${instantText(counts.arrival)} by arrival`}
        </span>
        <span className="grow" />
        <label className="replay-speed">
          Speed
          <select
            className="select"
            data-testid={`cell-${name}-speed`}
            value={speed === null ? 'cell' : String(speed)}
            onChange={({ target }) => hold({ speed: speedOf(target.value) })}
          >
            {SPEEDS.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <button
          className="button"
          data-testid={`cell-${name}-pause`}
          aria-pressed={paused}
          onClick={() => hold({ paused: !paused })}
        >
          {paused ? <Play size={11} /> : <Pause size={11} />} {paused ? 'Resume' : 'Pause'}
        </button>
      </div>
      <ReplayNumbers name={name} counts={counts} />
      {rows !== undefined && rows > 0 && (
        <div
          className="progress"
          role="progressbar"
          aria-label={`rows of ${name}`}
          aria-valuemin={0}
          aria-valuemax={rows}
          aria-valuenow={read}
        >
          <i style={{ width: `${(100 * read) / rows}%` }} />
        </div>
      )}
    </div>
  );
}

/** What a replay has read, dropped and kept. */
export function ReplayNumbers({ name, counts }: { name: string; counts: ReplayCounts }) {
  const numbers: [key: string, label: string, value: string][] = [
    ['read', 'rows read', formatCount(counts.read)],
    ['late', 'late, dropped', formatCount(counts.late)],
    ...(counts.no_key > 0
      ? [['no_key', 'without a key', formatCount(counts.no_key)] satisfies [string, string, string]]
      : []),
    ['state_rows', 'rows in state', formatCount(counts.state_rows)],
    ['most_state_rows', 'most in state', formatCount(counts.most_state_rows)],
    ['evicted', 'evicted', formatCount(counts.evicted)],
    ['entities', 'entities online', formatCount(counts.entities)],
    ['batches', 'batches', formatCount(counts.batches)],
    ['watermark', 'watermark', counts.watermark === null ? '–' : instantText(counts.watermark)],
  ];
  return (
    <dl className="replay-numbers" data-testid={`cell-${name}-numbers`}>
      {numbers.map(([key, label, value]) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd data-count={key}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function speedOf(value: string): number | 'max' | null {
  if (value === 'cell') return null;
  return value === 'max' ? 'max' : Number(value);
}

/** `2025-03-16 10:00:00 UTC` of an ISO instant, whole seconds. */
export function instantText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
