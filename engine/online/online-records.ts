import type { OnlineRecords, RecordQuery } from './job';
import type { MaterializeSite } from './materialize';
import { readState } from './online-state';
import { readReceipts } from './receipt';
import { recordPlace } from './record-place';

/** What the workspace knows of a cell's writes to a store. Errors: file.*. */
export async function readOnlineRecords(
  { cell, project }: RecordQuery,
  { records, target }: Pick<MaterializeSite, 'records' | 'target'>,
): Promise<OnlineRecords> {
  const place = recordPlace(project, target);
  const { views } = await readState(records, place.state, project, target);
  const [receipt = null] = await readReceipts(records, place.receipts(cell));
  const ends = Object.entries(views).flatMap(([view, { end }]) =>
    end === null ? [] : [[view, end] as const],
  );
  return { ends: Object.fromEntries(ends), receipt };
}
