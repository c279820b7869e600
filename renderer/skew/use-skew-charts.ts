import { useEffect, useMemo, useRef, useState } from 'react';
import type { Database } from '../../engine/database/database';
import { toErrorRecord, type ErrorRecord } from '../../engine/errors';
import {
  chartFrames,
  chartsOf,
  readChart,
  type ChartData,
  type ChartFrames,
  type ChartName,
} from '../../engine/skew/charts/read-charts';
import { subsetOf } from '../../engine/skew/charts/subset';
import type { PairFilter, SegmentBy } from '../../engine/skew/pair-filter';
import type { BuiltSkew } from '../../engine/skew/skew';
import { Latest } from '../app/latest';
import { exactKey } from './exact-key';
import { filterFor, ownKey, type Selection } from './skew-selection';

/** A brush that moves cancels the reads of where it was only when they take longer (milliseconds). */
const GRACE_MS = 150;
/** Of more rows than this those under a selection are taken once, for all charts. */
const SUBSET_ROWS = 50_000;

export interface SkewChartsState {
  frames: ChartFrames | null;
  data: Partial<ChartData>;
  error: ErrorRecord | null;
  /** Whether a chart still waits for what the selection asks for. */
  busy: boolean;
}

interface Wish {
  by: SegmentBy;
  selection: Selection;
}

/** What the charts of a feature draw, read anew as far as the selection is another one. */
export function useSkewCharts(
  database: Database,
  skew: BuiltSkew,
  feature: string,
  { by, selection }: Wish,
): SkewChartsState {
  const [state, setState] = useState<SkewChartsState & { of: unknown }>(NOTHING);
  const of = useMemo(() => ({ skew, feature }), [skew, feature]);
  const reader = useRef<Latest<Wish> | null>(null);

  useEffect(() => {
    const shown = new Map<ChartName, string>();
    let frames: ChartFrames | null = null;
    const work = async (wish: Wish, signal: AbortSignal) => {
      const options = { priority: 'screen', signal } as const;
      try {
        frames ??= await chartFrames(database, skew, feature, options);
        const given = { database, skew, feature, frames, wish, shown };
        setState((before) => ({
          ...(before.of === of ? before : NOTHING),
          of,
          frames,
          busy: true,
          error: null,
        }));
        const put = (fields: Partial<SkewChartsState>) =>
          setState((before) =>
            before.of === of ? { ...before, ...fields, data: { ...before.data, ...fields.data } } : before,
          );
        await readAll(given, options, (data) => put({ data }));
        if (!signal.aborted) put({ busy: false });
      } catch (thrown) {
        if (signal.aborted) return;
        setState((before) => ({
          ...(before.of === of ? before : NOTHING),
          of,
          error: toErrorRecord(thrown),
        }));
      }
    };
    const latest = new Latest(work, GRACE_MS, CLOCK);
    reader.current = latest;
    return () => latest.stop();
  }, [database, skew, feature, of]);

  useEffect(() => reader.current?.want({ by, selection }), [of, by, selection]);
  return state.of === of ? state : NOTHING;
}

const NOTHING = { of: null, frames: null, data: {}, error: null, busy: true };

const CLOCK = {
  now: () => performance.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Reads the charts whose filter or segmentation changed since they were shown, one after the other. */
async function readAll(
  given: {
    database: Database;
    skew: BuiltSkew;
    feature: string;
    frames: ChartFrames;
    wish: Wish;
    shown: Map<ChartName, string>;
  },
  options: { priority: 'screen'; signal: AbortSignal },
  put: (data: Partial<ChartData>) => void,
): Promise<void> {
  const { database, skew, feature, frames, wish, shown } = given;
  const { by, selection } = wish;
  let taken: { key: string; rows: BuiltSkew } | null = null;
  const rowsUnder = async (
    filter: PairFilter,
    key: string,
  ): Promise<{ rows: BuiltSkew; filter: PairFilter }> => {
    if (filter.length === 0 || skew.result.rows < SUBSET_ROWS) return { rows: skew, filter };
    if (taken?.key !== key)
      taken = { key, rows: await subsetOf(database, skew, feature, { filter, by }, options) };
    return { rows: taken.rows, filter: [] };
  };
  for (const chart of chartsOf(skew, feature)) {
    const filter = filterFor(selection, ownKey(chart, feature, by));
    const filterKey = exactKey(filter);
    const key = chart === 'segments' ? `${filterKey} ${exactKey(by)}` : filterKey;
    if (shown.get(chart) === key) continue;
    // NULLs and defaults are those of all features, which a subset does not hold.
    const source = chart === 'missing' ? { rows: skew, filter } : await rowsUnder(filter, filterKey);
    const data = await readChart(
      database,
      source.rows,
      { name: feature, chart, frames, by, filter: source.filter },
      options,
    );
    if (options.signal.aborted) return;
    shown.set(chart, key);
    put({ [chart]: data });
  }
}
