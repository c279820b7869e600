import type { CauseShare } from '../../../engine/skew/charts/cause-shares';
import type { ThemeColors } from '../css-colors';
import { barsOf, names, PERCENT, tooltip, type ChartFace, type Compared, type Rows } from './chart-face';

export const NO_CAUSE = 'no known cause';

/** What each cause explains of the rows that differ. */
export function causeFace({ feature }: Pick<Compared, 'feature'>, colors: ThemeColors): ChartFace {
  return {
    title: `${feature}: causes`,
    spec: {
      mark: barsOf('y'),
      encoding: {
        y: { field: 'cause', type: 'nominal', sort: null, title: null, axis: names(200) },
        x: {
          field: 'share',
          type: 'quantitative',
          title: 'share of the rows that differ',
          scale: { domain: [0, 1] },
          axis: PERCENT,
        },
        color: {
          field: 'known',
          type: 'nominal',
          legend: null,
          scale: { domain: [true, false], range: [colors.serve, colors.faint] },
        },
        tooltip: tooltip(['cause', 'cause'], ['share', 'explains', { format: '.1%' }], ['rows', 'rows']),
      },
    },
  };
}

export function causeRows(shares: readonly CauseShare[]): Rows {
  return shares.map(({ cause, share, rows }) => ({
    cause: cause ?? NO_CAUSE,
    known: cause !== null,
    share,
    rows,
  }));
}
