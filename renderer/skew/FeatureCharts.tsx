import type { TimeFrame } from '../../engine/skew/charts/over-time';
import { useMemo } from 'react';
import type { SegmentBy } from '../../engine/skew/pair-filter';
import { type Compared } from '../results/charts/chart-face';
import {
  categoryFace,
  categoryRows,
  distributionFace,
  distributionRows,
} from '../results/charts/distribution';
import { missingFace, missingRows } from '../results/charts/missing';
import { overTimeFace, overTimeRows, type TimeMark } from '../results/charts/over-time';
import { quantileFace, quantileRows, scatterFace, scatterRows } from '../results/charts/scatter';
import { segmentFace, segmentRows } from '../results/charts/segments';
import { useThemeColors } from '../results/css-colors';
import type { ChartSelection } from '../results/types';
import { ChartCard } from './ChartCard';
import { SegmentChoice, type NamedSegmentation } from './SegmentChoice';
import { exactKey } from './exact-key';
import { keyOf, marksOf, ownKey, type BrushSource, type Selection } from './skew-selection';
import type { SkewChartsState } from './use-skew-charts';

const HEIGHT = 230;
const EMPTY = 'No rows in the selection.';

interface Props {
  cell: string;
  compared: Compared;
  numeric: boolean;
  charts: SkewChartsState;
  marks: readonly TimeMark[];
  selection: Selection;
  /** How often each chart's selection was taken back from outside. */
  cleared: Readonly<Record<string, number>>;
  segments: { choices: readonly NamedSegmentation[]; by: SegmentBy; name: string };
  onSegments(by: SegmentBy): void;
  onBrush(source: Exclude<BrushSource, 'cause'>, selection: ChartSelection): void;
}

/** The charts of a feature; what is selected in one filters the others. */
export function FeatureCharts(props: Props) {
  const { cell, compared, numeric, charts, marks, segments, selection, cleared, onBrush, onSegments } = props;
  const { frames, data } = charts;
  const colors = useThemeColors();
  const { by, name: byName } = segments;
  const faces = useMemo(() => {
    if (frames === null) return null;
    const { bins, categories, time } = frames;
    return {
      distribution: bins && distributionFace(compared, bins, colors),
      scatter: bins && scatterFace(compared, bins, colors),
      quantiles: bins && quantileFace(compared, bins, colors),
      categories: categories && categoryFace(compared, categories, colors),
      time: time && overTimeFace(compared, { frame: time, numeric, marks }, colors),
      segments: segmentFace(
        compared,
        { by: byName, every: by.kind === 'time' ? by.every : null, span: time },
        colors,
      ),
      missing: missingFace(compared, colors),
    };
  }, [frames, compared, numeric, marks, by, byName, colors]);

  const rows = {
    distribution: useRows(data.distribution, (bins) => distributionRows(compared, bins)),
    scatter: useRows(data.scatter, scatterRows),
    quantiles: useRows(data.quantiles, quantileRows),
    categories: useRows(data.categories, (found) =>
      frames?.categories ? categoryRows(compared, frames.categories, found) : [],
    ),
    time: useRows(data.time, overTimeRows),
    segments: useRows(data.segments, (found) =>
      found === null ? [] : segmentRows(found, by.kind === 'time' ? by.every : null),
    ),
    missing: useRows(data.missing, (missing) => missingRows(compared, missing)),
  };
  const card = (chart: keyof typeof rows) => ({
    face: faces?.[chart] ?? null,
    rows: rows[chart],
    height: HEIGHT,
    name: [cell, compared.feature, chart],
    empty: EMPTY,
  });
  const brushed = (chart: Exclude<BrushSource, 'cause'>) => {
    const key = ownKey(chart, compared.feature, by);
    const own = selection.find((brush) => keyOf(brush) === key);
    return {
      ...card(chart),
      selected: own === undefined ? null : marksOf(own),
      onSelection: (made: ChartSelection) => onBrush(chart, made),
      cleared: cleared[key] ?? 0,
    };
  };
  const moved = data.segments === null;
  const agree = data.segments?.segments.every(({ mismatches }) => mismatches === 0) ?? false;
  return (
    <div className="skew-charts" aria-busy={charts.busy}>
      {numeric ? (
        <>
          <ChartCard key={`${compared.feature} distribution`} {...brushed('distribution')} />
          <ChartCard key={`${compared.feature} scatter`} {...brushed('scatter')} />
          <ChartCard {...card('quantiles')} />
        </>
      ) : (
        <ChartCard key={`${compared.feature} categories`} {...brushed('categories')} />
      )}
      <ChartCard {...brushed('time')} note={oneTime(frames?.time ?? null)} />
      <ChartCard
        key={`segments ${exactKey(by)}`}
        {...brushed('segments')}
        empty={moved ? 'The rows of this side have changed since: run the check again.' : EMPTY}
        note={agree && rows.segments?.length ? 'None of these rows differ.' : null}
        tools={200}
      >
        <SegmentChoice choices={segments.choices} chosen={by} onChoose={onSegments} />
        {(data.segments?.others.segments ?? 0) > 0 && (
          <span className="dim">and {data.segments!.others.segments} more</span>
        )}
      </ChartCard>
      <ChartCard {...card('missing')} empty="No NULLs and no defaults on either side." />
    </div>
  );
}

/** A store is compared at one time: there is nothing along it. */
function oneTime(span: TimeFrame | null): string | null {
  if (span === null || span.first !== span.last) return null;
  return `All rows are of one time, ${new Date(span.first).toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
}

/** Rows for a chart, the same ones as long as what was read is the same. */
function useRows<D, R>(data: D | undefined, make: (data: D) => R): R | null {
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what was read is of one feature and segmentation
  return useMemo(() => (data === undefined ? null : make(data)), [data]);
}
