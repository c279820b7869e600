import type { ArrowBytes, Database } from '../database/database';
import { queryRows } from '../database/rows';
import {
  gridEntitiesSql,
  gridPointsSql,
  gridRowsSql,
  gridTables,
  gridValuesSql,
  STATEMENT_POINTS,
  type GridTables,
} from '../sql/grid-snapshot';
import type { CompiledView } from '../sql/compiled-view';

/** The most instants of one statement: a cancelled or failed run loses no more work than these. */
const STATEMENT_INSTANTS = 32;

/** How much one statement computes; tests take less. */
export interface GridLimits {
  points: number;
  instants: number;
}

const LIMITS: GridLimits = { points: STATEMENT_POINTS, instants: STATEMENT_INSTANTS };

/** The rows of one instant, in batches. */
export interface InstantRows {
  at: bigint;
  rows: number;
  /** To be read to its end, or not at all, before the next instant is asked for. */
  batches: AsyncIterable<ArrowBytes>;
}

/**
 * The values of a view at instants (microseconds, ascending), an instant at a time. Several instants are computed by
 * one statement as long as their points are few; one instant with many entities is computed in several.
 */
export async function* gridRows(
  db: Database,
  compiled: CompiledView,
  instants: readonly bigint[],
  options: { signal?: AbortSignal; limits?: GridLimits } = {},
): AsyncGenerator<InstantRows> {
  const { signal, limits = LIMITS } = options;
  const tables = gridTables(compiled.view.name);
  const run = (sql: string) => db.query(sql, { signal });
  try {
    await run(`CREATE OR REPLACE TABLE ${tables.entities} AS\n${gridEntitiesSql(compiled)}`);
    const entities = await countOf(db, tables.entities, signal);
    const together = Math.max(
      1,
      Math.min(limits.instants, Math.floor(limits.points / Math.max(1, entities))),
    );
    for (let first = 0; first < instants.length; first += together) {
      const group = instants.slice(first, first + together);
      const list = group.map((at) => `(${at})`).join(', ');
      await run(`CREATE OR REPLACE TABLE ${tables.points} AS\n${gridPointsSql(compiled, tables, list)}`);
      const statement = new StatementRange(db, compiled, tables, limits.points, signal);
      for (const { at, from, to } of await rangesOf(db, tables, group, signal))
        yield { at, rows: to - from, batches: statement.rows(from, to) };
    }
  } finally {
    // Also after a cancelled query, which leaves the connection usable; a dead engine has no tables to drop.
    await db
      .query(
        Object.values(tables)
          .map((table) => `DROP TABLE IF EXISTS ${table}`)
          .join('; '),
      )
      .catch(() => undefined);
  }
}

/** Computes values for ranges of points, one range at a time, and gives rows out of them. */
class StatementRange {
  private computed = -1;

  constructor(
    private readonly db: Database,
    private readonly compiled: CompiledView,
    private readonly tables: GridTables,
    private readonly size: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async *rows(from: number, to: number): AsyncGenerator<ArrowBytes> {
    const { db, compiled, tables, size, signal } = this;
    // An empty range still gives the schema.
    let at = from;
    do {
      const index = Math.floor(at / size);
      const end = Math.min(to, (index + 1) * size);
      await this.compute(index);
      yield* db.stream(gridRowsSql(compiled, tables, String(at), String(end)), { signal });
      at = end;
    } while (at < to);
  }

  private async compute(index: number): Promise<void> {
    if (this.computed === index) return;
    const { db, compiled, tables, size, signal } = this;
    const sql = gridValuesSql(compiled, tables, String(index * size), String((index + 1) * size));
    await db.query(`CREATE OR REPLACE TABLE ${tables.values} AS\n${sql}`, { signal });
    this.computed = index;
  }
}

async function countOf(db: Database, table: string, signal?: AbortSignal): Promise<number> {
  const [row] = await queryRows(db, `SELECT count(*) AS n FROM ${table}`, { signal });
  return Number(row?.n ?? 0);
}

/** The points of each instant as a range of `__row`; an instant that no entity has seen has none. */
async function rangesOf(
  db: Database,
  tables: GridTables,
  instants: readonly bigint[],
  signal?: AbortSignal,
): Promise<{ at: bigint; from: number; to: number }[]> {
  // A literal within 36 minutes of 1970 is an INTEGER.
  const sql = `SELECT CAST("__t" AS BIGINT) AS at, count(*) AS n FROM ${tables.points} GROUP BY "__t"`;
  const counts = new Map(
    (await queryRows(db, sql, { signal })).map((row) => [row.at as bigint, Number(row.n)]),
  );
  let from = 0;
  return instants.map((at) => {
    const to = from + (counts.get(at) ?? 0);
    const range = { at, from, to };
    from = to;
    return range;
  });
}
