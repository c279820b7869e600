import { printDuration } from '../catalog/duration';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import { relation } from '../sql/quote';
import type { Alignment } from './alignment';
import { timeOf, type Side } from './side';

/** Two sides without a row in common: which keys and which times they have. */
export async function noOverlap(
  db: Database,
  plan: Alignment,
  counts: { left: number; right: number },
): Promise<PlumblineError> {
  const { left, right, keys, within } = plan;
  const near = within === 0n ? 'to the microsecond' : `up to ${printDuration(within)} apart`;
  return new PlumblineError(
    'skew.no_overlap',
    `No row of ${left.name} (${rowsText(counts.left)}) has the keys and the time of a row of ${right.name} (${rowsText(counts.right)}).`,
    {
      hint:
        `Rows are aligned on ${[...keys, left.time].join(', ')}, ${near}. ` +
        `The times are ${await span(db, left)} and ${await span(db, right)}. ` +
        'Where clocks differ set "within", such as 5m; where another column has the time, "timestamp".',
    },
  );
}

async function span(db: Database, side: Side): Promise<string> {
  const at = timeOf(side, 's');
  const ends = `min(${at})::VARCHAR AS low, max(${at})::VARCHAR AS high`;
  const [row] = await queryRows(db, `SELECT ${ends} FROM ${relation(side.table)} AS s`);
  return row?.['low'] ? `${String(row['low'])} to ${String(row['high'])}` : 'no time at all';
}

export function rowsText(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`;
}
