import { DuckDBWasm } from '../../../database/duckdb-wasm';
import type { Database } from '../../../database/database';
import { analyse } from '../../../notebook/analysis';
import { parseNotebook } from '../../../notebook/parse';
import { chartFrames, chartsOf, readChart } from '../../../skew/charts/read-charts';
import type { PairFilter } from '../../../skew/pair-filter';
import { compareSkew, type BuiltSkew } from '../../../skew/skew';
import { subsetOf } from '../../../skew/charts/subset';
import { sourceSide, trainingSide } from '../../../skew/side';
import { nodeEngineHost } from '../../duckdb-thread';
import { count, type Figure } from '../figure';
import { against } from '../measure';
import { SKEW_NOTEBOOK } from '../skew-notebook';

const GOAL_MS = 100;
const OPTIONS = { priority: 'screen' } as const;
const HOUR = 3_600_000_000n;

/** What a brush makes the engine count anew: the marks of all charts of a feature, over the rows that it covers. */
export const skewRepaint: Figure = {
  name: 'skew-repaint',
  async measure({ data, runs }) {
    const db = await DuckDBWasm.open(nodeEngineHost());
    try {
      const rows = data.sizes.spine;
      const skew = await compared(db, rows);
      const frames = await chartFrames(db, skew, 'x');
      const by = { kind: 'time', every: 24n * HOUR } as const;
      // The rows under the brush are taken once; every chart then looks at these.
      const brush = async (filter: PairFilter): Promise<{ slowest: number; all: number }> => {
        const started = performance.now();
        const subset = await subsetOf(db, skew, 'x', { filter, by }, OPTIONS);
        const taken = performance.now() - started;
        let slowest = 0;
        for (const chart of chartsOf(skew, 'x')) {
          const from = performance.now();
          // NULLs and defaults are those of all features: they are counted where all are.
          const at = chart === 'missing' ? { rows: skew, filter } : { rows: subset, filter: [] };
          await readChart(db, at.rows, { name: 'x', chart, frames, by, filter: at.filter }, OPTIONS);
          const waited = chart === 'missing' ? 0 : taken;
          slowest = Math.max(slowest, waited + performance.now() - from);
        }
        return { slowest, all: performance.now() - started };
      };
      const brushes: [string, PairFilter][] = [
        ['a tenth of the values', [values(0, 100)]],
        ['a tenth of the time', [{ kind: 'time', from: 0n, to: (BigInt(rows) * 60_000_000n) / 10n }]],
      ];
      const found = [];
      for (const [over, filter] of brushes) {
        await brush(filter);
        const times: Awaited<ReturnType<typeof brush>>[] = [];
        for (let run = 0; run < runs; run++) times.push(await brush(filter));
        const contest = (what: string) => ({
          figure: 'skew-repaint',
          what: `${what} after a brush over ${over}`,
          size: count(rows),
        });
        const ms = (of: 'slowest' | 'all', what: string) =>
          against(
            contest(what),
            'ms',
            times.map((time) => time[of]),
            GOAL_MS,
            `limit ${GOAL_MS} ms`,
          );
        found.push(ms('slowest', 'the slowest chart'));
        found.push({ ...ms('all', 'all seven charts'), against: '-', goal: null });
      }
      return found;
    } finally {
      await db.close();
    }
  },
};

function values(from: number, to: number): PairFilter[number] {
  return { kind: 'values', feature: 'x', left: { from, to }, right: { from, to }, match: 'any' };
}

/** One row a minute; in every tenth the right value is greater by one. */
async function compared(db: Database, rows: number): Promise<BuiltSkew> {
  const values = (order: string, x: string): string =>
    `SELECT i AS ${order}, i % 1000 AS user_id, make_timestamp(i * 60000000) AS ts, ${x} AS x, (i % 50)::BIGINT AS n FROM range(${rows}) t(i)`;
  await db.query(
    `CREATE SCHEMA IF NOT EXISTS _plumb;
     CREATE TABLE _plumb.training_train AS ${values('__row', '(hash(i) % 1000000) / 1000')};
     CREATE TABLE _plumb.source_log AS ${values('__order', '(hash(i) % 1000000) / 1000 + (i % 10 = 0)::INT')}`,
  );
  const { catalog } = analyse([parseNotebook(SKEW_NOTEBOOK, 'bench.plumb.md').document]);
  const check = catalog.skews.get('check')!;
  const set = catalog.trainingSets.get('train')!;
  const columns = set.features.map((feature) => feature.column);
  const left = await trainingSide(db, 'train', { catalog, set, means: new Map(), columns });
  const right = await sourceSide(db, 'log', catalog.sources.get('log')!, null);
  return compareSkew(db, { catalog, set, check, left, right }, { causes: false });
}
