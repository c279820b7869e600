import type { ErrorRecord } from '../../engine/errors';
import type { Progress } from '../../engine/ports';
import type { CellRun } from '../../engine/results';
import type { CellRunEntry } from './state';

/** What a cell's header says of it. */
export type CellState =
  | { kind: 'idle' }
  | { kind: 'fresh'; run: CellRun; mode: 'preview' | 'whole' }
  | { kind: 'edited' }
  /** `changed`: the cells upstream that were edited since, nearest to the data first. */
  | { kind: 'upstream'; changed: string[] }
  /** The engine was restarted since the run. */
  | { kind: 'lost' }
  | { kind: 'queued' }
  | { kind: 'running'; startedAt: number; progress: Progress | null }
  | { kind: 'failed'; error: ErrorRecord }
  | { kind: 'skipped' };

export interface Graph {
  /** A cell's direct dependencies. */
  dependencies: ReadonlyMap<string, readonly string[]>;
  /** Equal as long as the cell and all that it depends on mean the same; comments and layout mean nothing. */
  fingerprints: ReadonlyMap<string, string>;
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
    closure(cell, graph.dependencies).map((name) => [name, graph.fingerprints.get(name) ?? '']),
  );
}

/**
 * Whether a finished run still says what the document says; if not, why. A fingerprint covers what a cell depends
 * on, so of the cells that differ only those nearest to the data are the ones that changed.
 */
export function staleness(
  cell: string,
  ran: Record<string, string>,
  graph: Graph,
): { kind: 'fresh' } | { kind: 'edited' } | { kind: 'upstream'; changed: string[] } {
  const now = fingerprintsOf(cell, graph);
  if (ran[cell] === now[cell]) return { kind: 'fresh' };
  const differing = new Set(Object.keys(ran).filter((name) => name !== cell && ran[name] !== now[name]));
  const changed = [...differing].filter(
    (name) => !(graph.dependencies.get(name) ?? []).some((dependency) => differing.has(dependency)),
  );
  return changed.length === 0 ? { kind: 'edited' } : { kind: 'upstream', changed };
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
  if (entry.run.status === 'failed')
    return entry.run.error === null || entry.run.error.code === 'engine.cancelled'
      ? { kind: 'idle' }
      : { kind: 'failed', error: entry.run.error };
  return { kind: 'fresh', run: entry.run, mode: entry.doneMode };
}
