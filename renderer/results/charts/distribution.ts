import type { CategoryFrame, SkewCategory } from '../../../engine/skew/charts/categories';
import type { BinFrame, SkewBin } from '../../../engine/skew/charts/histogram';
import type { ThemeColors } from '../css-colors';
import {
  barsOf,
  brushParam,
  label,
  names,
  PERCENT,
  PICK_PARAM,
  PICKED,
  share,
  SHARES,
  sideColor,
  sum,
  tooltip,
  type ChartFace,
  type Compared,
  type Rows,
} from './chart-face';

/** Both sides' share of rows per bin, laid over each other. */
export function distributionFace(compared: Compared, frame: BinFrame, colors: ThemeColors): ChartFace {
  return {
    title: `${compared.feature}: distribution`,
    spec: {
      params: [brushParam(['x'], colors)],
      mark: { type: 'bar', opacity: 0.45, binSpacing: 0 },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: { binned: true },
          title: compared.feature,
          scale: { domain: [frame.from, frame.from + frame.count * frame.width], nice: false },
          axis: { titleLimit: 220, tickCount: 5 },
        },
        x2: { field: 'to' },
        y: { field: 'share', type: 'quantitative', stack: null, title: 'share of rows', axis: PERCENT },
        color: sideColor(compared, colors),
        tooltip: tooltip(['side', 'side'], ['from', 'from'], ['to', 'to'], ['rows', 'rows']),
      },
    },
  };
}

export function distributionRows({ sides }: Compared, bins: readonly SkewBin[]): Rows {
  const left = sum(bins.map((bin) => bin.left));
  const right = sum(bins.map((bin) => bin.right));
  return bins.flatMap((bin) => [
    { from: bin.from, to: bin.to, side: sides[0], share: share(bin.left, left), rows: bin.left },
    { from: bin.from, to: bin.to, side: sides[1], share: share(bin.right, right), rows: bin.right },
  ]);
}

/** Both sides' share of rows per value, side by side, most frequent first. */
export function categoryFace(
  compared: Compared,
  { values, more }: CategoryFrame,
  colors: ThemeColors,
): ChartFace {
  const most = more ? `the ${values.length} most frequent values` : 'values';
  return {
    title: `${compared.feature}: ${most}`,
    spec: {
      params: [PICK_PARAM],
      mark: { ...barsOf('yOffset'), cursor: 'pointer' },
      encoding: {
        y: {
          field: 'label',
          type: 'nominal',
          sort: null,
          title: null,
          scale: { domain: values.map(label) },
          axis: names(140),
        },
        yOffset: { field: 'side', sort: null },
        x: { field: 'share', type: 'quantitative', title: 'share of rows', axis: PERCENT, scale: SHARES },
        color: sideColor(compared, colors),
        opacity: PICKED,
        tooltip: tooltip(['side', 'side'], ['label', 'value'], ['rows', 'rows']),
      },
    },
  };
}

/** Values that have a place, as shares of all rows. */
export function categoryRows(
  { sides }: Compared,
  { values }: CategoryFrame,
  categories: readonly SkewCategory[],
): Rows {
  const places = new Set(values);
  return categories
    .filter(({ value }) => places.has(value))
    .flatMap(({ value, of, ...rows }) => [
      { value, label: label(value), side: sides[0], share: share(rows.left, of), rows: rows.left },
      { value, label: label(value), side: sides[1], share: share(rows.right, of), rows: rows.right },
    ]);
}
