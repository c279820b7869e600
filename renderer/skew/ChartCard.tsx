import type { ReactNode } from 'react';
import type { ChartFace } from '../results/charts/chart-face';
import { ChartMenu } from '../results/ChartMenu';
import type { ChartSelection, GridRow } from '../results/types';
import { VegaChart } from '../results/VegaChart';

interface Props {
  /** null while the first rows are read. */
  face: ChartFace | null;
  rows: readonly GridRow[] | null;
  height: number;
  /** Parts of the name of a saved file. */
  name: readonly string[];
  /** What stands there instead when there are no rows. */
  empty: string;
  /** What stands over rows that draw nothing. */
  note?: string | null;
  /** Pixels that the title leaves to what stands beside it. */
  tools?: number;
  selected?: ChartSelection;
  onSelection?(selection: ChartSelection): void;
  cleared?: number;
  /** Beside the button that saves it. */
  children?: ReactNode;
}

/** A chart in its place of fixed height, with the menu that saves it. */
export function ChartCard({ face, rows, height, name, empty, note = null, children, ...drawing }: Props) {
  return (
    <div className="chart-card" data-chart-name={name.at(-1)}>
      <div className="chart-card-tools">
        {children}
        {face !== null && rows !== null && rows.length > 0 && (
          <ChartMenu spec={face.spec} data={rows} title={face.title} height={height} name={name} />
        )}
      </div>
      {face === null || rows === null ? (
        <div className="dim chart-card-wait" style={{ height }}>
          Drawing…
        </div>
      ) : (
        <>
          <VegaChart spec={face.spec} data={rows} title={face.title} height={height} {...drawing} />
          {(rows.length === 0 || note !== null) && (
            <div className="chart-card-empty dim">{note ?? empty}</div>
          )}
        </>
      )}
    </div>
  );
}
