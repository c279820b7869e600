import { analyse } from '../../engine/notebook/analysis';
import { documentsOf } from './documents';
import { sameOr } from './same-or';
import { shownCatalog } from './shown-catalog';
import { cleanups, type SliceContext } from './slice';
import type { AnalysisSlice } from './state';

/** One frame (milliseconds): edits within it are analysed once. */
export const FRAME_MS = 16;

/** What the document means: catalog, findings, dependencies. Follows every edit, at most once per frame. */
export function createAnalysisSlice(context: SliceContext): AnalysisSlice {
  const { get, put, watch, deps } = context;
  const stops = cleanups();
  let stopTimer: (() => void) | null = null;
  let bound: AnalysisSlice['diagnostics'] = [];

  const run = () => {
    stopTimer?.();
    stopTimer = null;
    const documents = documentsOf(context);
    if (documents.length === 0) return;
    const before = get().analysis.current;
    const current = analyse(documents);
    // What binding said holds for cells whose meaning is still the same.
    bound = bound.filter(
      ({ cell }) => cell === null || before?.fingerprints.get(cell) === current.fingerprints.get(cell),
    );
    const { shown, kept, graph, diagnostics } = get().analysis;
    const next = shownCatalog(shown, current);
    const { dependencies, ownFingerprints } = current;
    // What means the same stays the same object, so that a comment redraws nothing.
    put('analysis', {
      current,
      shown: sameOr(shown, next.shown),
      kept: sameOr(kept, next.kept),
      graph: sameOr(graph, { dependencies, ownFingerprints }),
      diagnostics: sameOr(diagnostics, [...get().document.fileDiagnostics, ...current.diagnostics, ...bound]),
      revision: get().analysis.revision + 1,
    });
  };

  return {
    current: null,
    shown: null,
    kept: new Set(),
    graph: null,
    diagnostics: [],
    sourceColumns: new Map(),
    sourceRanges: {},
    revision: 0,
    prepared: false,
    initialize() {
      stops.add(
        watch(
          (state) => state.document.current,
          () => {
            stopTimer ??= deps.clock.after(FRAME_MS, run);
          },
        ),
      );
      stops.add(watch((state) => state.document.included, run));
      // Nothing of another notebook is kept.
      stops.add(
        watch(
          (state) => state.document.current?.file,
          () => put('analysis', { shown: null, kept: new Set() }),
        ),
      );
    },
    destroy() {
      stopTimer?.();
      stops.run();
    },
    flush() {
      if (stopTimer !== null) run();
    },
    setSourceRange(source, from, to) {
      put('analysis', { sourceRanges: { ...get().analysis.sourceRanges, [source]: { from, to } } });
    },
    setBindDiagnostics(diagnostics) {
      bound = diagnostics;
      const own = get().analysis.current?.diagnostics ?? [];
      const found = [...get().document.fileDiagnostics, ...own, ...bound];
      put('analysis', { diagnostics: sameOr(get().analysis.diagnostics, found) });
    },
  };
}
