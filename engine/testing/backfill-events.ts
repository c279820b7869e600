import { planBackfill, type BackfillPlan } from '../backfill/plan';
import { halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { aBackfill } from './backfill-truth';
import { aFeature, aView, catalogOf } from './catalog-fixture';

const DAY = 86_400_000_000n;
const START = BigInt(Date.UTC(2025, 2, 1)) * 1000n;

/** A statement that makes the source `ev`. */
export const BACKFILL_EVENTS = `CREATE OR REPLACE TABLE _plumb.source_ev AS SELECT i AS __order, i % 5 AS user_id,
  TIMESTAMP '2025-03-01' + to_hours(i * 5) AS ts, sin(i) AS amount, 'word ' || i AS word FROM range(30) r(i)`;

/** One view of each kind over them, at two instants each. */
export function planOfEvents(db: Database): Promise<BackfillPlan> {
  const mean = { fn: 'avg', of: 'amount', where: null } as const;
  const catalog = catalogOf({
    sources: ['ev'],
    views: [
      aView('agg', 'aggregate', 'ev', [
        aFeature('mean', 'float64', { kind: 'aggregation', window: halfOpen(2n * DAY), aggregation: mean }),
      ]),
      aView('tab', 'table', 'ev', [aFeature('word', 'string', { kind: 'column', column: 'word' })]),
    ],
  });
  return planBackfill(db, catalog, aBackfill({ start: START, end: START + DAY }), {
    version: '1.2.3',
    sources: () => [],
  });
}
