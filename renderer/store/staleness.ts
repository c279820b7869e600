import type { ErrorRecord } from '../../engine/errors';
import type { Progress } from '../../engine/ports';
import type { CellRun } from '../../engine/results';
import type { CellRunEntry } from './state';

/** What a cell's header says of it. */
export type CellState =
  | { kind: 'idle' }
  | { kind: 'fresh'; run: CellRun; mode: 'preview' | 'whole' }
  | { kind: 'edited' }
  /** `changed`: the cells upstream that were edited, came or went since; nearest to the data first. */
  | { kind: 'upstream'; changed: string[] }
  /** The engine was restarted since the run. */
  | { kind: 'lost' }
  | { kind: 'queued' }
  | { kind: 'running'; startedAt: number; progress: Progress | null }
  | { kind: 'failed'; error: ErrorRecord }
  /** Ended by the user, with something to show. */
  | { kind: 'cancelled' }
  | { kind: 'skipped' };

export interface Graph {
  /** A cell's direct dependencies. */
  dependencies: ReadonlyMap<string, readonly string[]>;
  /** Equal as long as the cell's own text means the same; comments and layout mean nothing. */
  ownFingerprints: ReadonlyMap<string, string>;
}

/** The cell and all that it depends on, dependencies first. */
export function closure(cell: string, dependencies: Graph['dependencies']): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const dependency of dependencies.get(name) ?? []) visit(dependency);
    ordered.push(name);
  };
  visit(cell);
  return ordered;
}

/** What a run that starts now is computed from. */
export function fingerprintsOf(cell: string, graph: Graph): Record<string, string> {
  return Object.fromEntries(
    closure(cell, graph.dependencies).map((name) => [name, graph.ownFingerprints.get(name) ?? '']),
  );
}

/** Whether a finished run still says what the document says; if not, why. The cell's own edit is told first. */
export function staleness(
  cell: string,
  ran: Record<string, string>,
  graph: Graph,
): { kind: 'fresh' } | { kind: 'edited' } | { kind: 'upstream'; changed: string[] } {
  const now = fingerprintsOf(cell, graph);
  if (ran[cell] !== now[cell]) return { kind: 'edited' };
  const names = new Set([...Object.keys(now), ...Object.keys(ran)]);
  const changed = [...names].filter((name) => ran[name] !== now[name]);
  return changed.length === 0 ? { kind: 'fresh' } : { kind: 'upstream', changed };
}

export function cellState(cell: string, entry: CellRunEntry | undefined, graph: Graph | null): CellState {
  if (entry === undefined) return { kind: 'idle' };
  if (entry.phase === 'queued') return { kind: 'queued' };
  if (entry.phase === 'running')
    return { kind: 'running', startedAt: entry.startedAt, progress: entry.progress };
  if (entry.run === null) return { kind: 'idle' };
  if (entry.lost) return { kind: 'lost' };
  if (graph !== null) {
    const stale = staleness(cell, entry.fingerprints, graph);
    if (stale.kind !== 'fresh') return stale;
  }
  if (entry.run.status === 'skipped') return { kind: 'skipped' };
  if (entry.run.status === 'failed') {
    const { error } = entry.run;
    if (error === null) return { kind: 'idle' };
    if (error.code !== 'engine.cancelled') return { kind: 'failed', error };
    return { kind: 'partitions' in entry.run.result ? 'cancelled' : 'idle' };
  }
  return { kind: 'fresh', run: entry.run, mode: entry.doneMode };
}

/**
 * Whether what a cell shows is of another text or other data than stand there now. A backfill shows its own progress, an
 * audit or comparison past its limit and a drift check above a line what they found.
 */
export function isDimmed(kind: string, state: CellState): boolean {
  const live = ['queued', 'running', 'failed', 'cancelled'].includes(state.kind);
  if (['audit', 'drift', 'skew'].includes(kind) && state.kind === 'failed') return false;
  return state.kind !== 'fresh' && !(kind === 'backfill' && live);
}
