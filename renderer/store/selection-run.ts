import { INTERNAL_SCHEMA } from '../../engine/database/database';
import { queryRows } from '../../engine/database/rows';
import { PlumblineError, toErrorRecord } from '../../engine/errors';
import { sqlFindings, sqlNames } from '../../engine/notebook/sql-names';
import { sqlTokens } from '../../engine/notebook/sql-tokens';
import { relation } from '../../engine/sql/quote';
import type { SliceContext } from './slice';
import { cellState } from './staleness';
import type { RunsSlice, SelectionRun } from './state';

/** Where the rows of a cell's selection lie; the cell's own relation is not touched. */
export function selectionTable(cell: string): { schema: string; name: string } {
  return { schema: INTERNAL_SCHEMA, name: `selection_${cell}` };
}

/** Kinds whose rows SQL can read by name. */
const READABLE = new Set(['source', 'view', 'training-set', 'query']);

/** Cells that a piece of SQL reads and that have no up-to-date result yet. */
function neededCells({ get }: SliceContext, sql: string): string[] {
  const analysis = get().analysis.current;
  if (analysis === null) return [];
  return sqlNames(sqlTokens(sql)).flatMap(({ name }) => {
    if (!READABLE.has(analysis.cells.get(name)?.block.kind ?? '')) return [];
    return cellState(name, get().runs.byCell[name], analysis).kind === 'fresh' ? [] : [name];
  });
}

/** Runs a part of an SQL cell beside the cell's own result. */
export function selectionRuns(
  context: SliceContext,
): Pick<RunsSlice, 'selections' | 'runSelection' | 'closeSelection'> {
  const { get, put, change } = context;
  const controllers = new Map<string, AbortController>();
  let serial = 0;

  const compute = async (cell: string, sql: string, signal: AbortSignal): Promise<Partial<SelectionRun>> => {
    const [finding] = sqlFindings(sqlTokens(sql));
    if (finding !== undefined)
      throw new PlumblineError(finding.code, finding.message, { hint: finding.hint });
    const { session } = get().engine;
    if (session === null)
      throw new PlumblineError('engine.start_failed', 'The engine is not ready.', {
        hint: 'Try again in a moment, or restart the engine.',
      });
    for (const name of neededCells(context, sql)) await get().runs.run(name);
    const { database } = session;
    const table = relation(selectionTable(cell));
    const columns = await database.describe(sql, { signal });
    await database.query(`CREATE OR REPLACE TABLE ${table} AS\n${sql}`, { signal });
    const [row] = await queryRows(database, `SELECT count(*) AS rows FROM ${table}`, { signal });
    return { columns, rows: Number(row?.rows ?? 0) };
  };

  return {
    selections: {},
    async runSelection(cell, text) {
      const sql = text.replace(/[;\s]+$/u, '');
      controllers.get(cell)?.abort();
      const controller = new AbortController();
      controllers.set(cell, controller);
      const id = `s${++serial}`;
      const started = context.deps.clock.now();
      const empty = { id, sql, rows: 0, columns: [], error: null, ms: 0 };
      const show = (run: SelectionRun) =>
        change('runs', (draft) => {
          draft.selections[cell] = { ...run, columns: [...run.columns] };
        });
      show({ ...empty, phase: 'running' });
      const end = (fields: Partial<SelectionRun>) => {
        if (controllers.get(cell) !== controller || get().runs.selections[cell]?.id !== id) return;
        show({ ...empty, phase: 'done', ms: context.deps.clock.now() - started, ...fields });
      };
      try {
        end(await compute(cell, sql, controller.signal));
      } catch (thrown) {
        end({ error: toErrorRecord(thrown) });
      }
    },
    closeSelection(cell) {
      controllers.get(cell)?.abort();
      controllers.delete(cell);
      const { [cell]: gone, ...selections } = get().runs.selections;
      if (gone === undefined) return;
      put('runs', { selections });
      const drop = `DROP TABLE IF EXISTS ${relation(selectionTable(cell))}`;
      void get()
        .engine.session?.database.query(drop)
        .catch(() => undefined);
    },
  };
}
