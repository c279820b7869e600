import { useState } from 'react';
import { toPlumblineError } from '../../engine/errors';
import { writeClipboard } from './clipboard';
import { rangeOf, toTsv, type GridSelection } from './grid-selection';
import type { PageCache } from './page-cache';
import type { GridColumn } from './types';

/** More than a clipboard should hold; the hint points to the export. */
const MAX_ROWS = 100_000;

export interface GridCopy {
  /** What the last copy of these rows did, in words; null before the first one. */
  said: string | null;
  copy(selection: GridSelection): Promise<void>;
}

/** Copies the selected range as tab-separated text; several rows get a heading line. */
export function useGridCopy(cache: PageCache, columns: readonly GridColumn[]): GridCopy {
  // Other rows, sorted or chosen anew, come with another cache.
  const [last, setLast] = useState<{ cache: PageCache; words: string } | null>(null);
  const setSaid = (words: string) => setLast({ cache, words });
  return {
    said: last?.cache === cache ? last.words : null,
    async copy(selection) {
      const range = rangeOf(selection);
      const rows = range.lastRow - range.firstRow + 1;
      if (rows < 1) return;
      if (rows > MAX_ROWS) {
        setSaid(`${rows.toLocaleString('en-US')} rows are too many to copy: export them instead`);
        return;
      }
      try {
        const chosen = columns.slice(range.firstColumn, range.lastColumn + 1);
        const values = await cache.rows(range.firstRow, range.lastRow);
        await writeClipboard(toTsv(chosen, values, rows > 1));
        setSaid(`copied ${rows.toLocaleString('en-US')} x ${chosen.length}`);
      } catch (error) {
        setSaid(`not copied: ${toPlumblineError(error).message}`);
      }
    },
  };
}
