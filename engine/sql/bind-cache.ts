import { type ColumnInfo, type Database, sourceTable } from '../database/database';
import { type PlumblineError, toPlumblineError } from '../errors';
import type { BindPart } from './bind-part';
import { relation } from './quote';

export interface Bound {
  columns?: ColumnInfo[];
  error?: PlumblineError;
}

/** At most so many answers are kept; beyond, the oldest go. */
const CAPACITY = 5_000;

/** What was bound before, by statement and by the schema that it was bound against. */
export class BindCache {
  private readonly answers = new Map<string, Bound>();
  private readonly sources = new Map<string, ColumnInfo[] | null>();

  /** Forgets one source's schema: call it when its columns are others. Answers name the schemas that they hold for. */
  forget(source: string): void {
    this.sources.delete(source);
  }

  /** Forgets everything: call it when the engine was started anew. */
  clear(): void {
    this.sources.clear();
    this.answers.clear();
  }

  /** The columns of each source that is loaded. */
  async schemas(db: Database, names: readonly string[]): Promise<Map<string, ColumnInfo[]>> {
    const found = new Map<string, ColumnInfo[]>();
    for (const name of names) {
      if (!this.sources.has(name)) {
        const sql = `SELECT * FROM ${relation(sourceTable(name))}`;
        const columns = await db.describe(sql).catch(() => null);
        this.sources.set(name, columns);
      }
      const columns = this.sources.get(name);
      if (columns) found.set(name, columns);
    }
    return found;
  }

  /**
   * Binds parts against one relation and gives the errors of those that do not bind. All unknown parts go in one
   * statement; when that fails, its halves: n good parts cost one call, one bad part about 2 log n.
   */
  async bindAll(
    db: Database,
    from: string,
    schema: readonly ColumnInfo[],
    parts: readonly BindPart[],
  ): Promise<[BindPart, PlumblineError][]> {
    const keys = parts.map((part) => keyOf(statement([part], from), schema));
    const fresh = parts.filter((_, index) => !this.answers.has(keys[index]!));
    await this.bindHalves(db, from, schema, fresh);
    return parts.flatMap((part, index) => {
      const error = this.answers.get(keys[index]!)?.error;
      return error ? [[part, error] as [BindPart, PlumblineError]] : [];
    });
  }

  private async bindHalves(
    db: Database,
    from: string,
    schema: readonly ColumnInfo[],
    parts: readonly BindPart[],
  ): Promise<void> {
    if (parts.length === 0) return;
    const answer = await this.describe(db, statement(parts, from), schema);
    if (parts.length === 1) return;
    if (answer.error) {
      const middle = Math.ceil(parts.length / 2);
      await this.bindHalves(db, from, schema, parts.slice(0, middle));
      await this.bindHalves(db, from, schema, parts.slice(middle));
    } else for (const part of parts) this.keep(keyOf(statement([part], from), schema), { columns: [] });
  }

  async describe(db: Database, sql: string, schema: readonly ColumnInfo[]): Promise<Bound> {
    const key = keyOf(sql, schema);
    const known = this.answers.get(key);
    if (known) return known;
    const answer = await db.describe(sql).then(
      (columns): Bound => ({ columns }),
      (thrown: unknown): Bound => ({ error: toPlumblineError(thrown) }),
    );
    if (['engine.died', 'engine.cancelled', 'engine.deadline'].includes(answer.error?.code ?? ''))
      throw answer.error as PlumblineError;
    this.keep(key, answer);
    return answer;
  }

  private keep(key: string, answer: Bound): void {
    if (this.answers.size >= CAPACITY) this.answers.delete(this.answers.keys().next().value!);
    this.answers.set(key, answer);
  }
}

/** The statement that binds one part alone. */
export function partStatement(part: BindPart, from: string): string {
  return statement([part], from);
}

/** Aggregate functions are refused in WHERE, plain columns beside GROUP BY (). */
function statement(parts: readonly BindPart[], from: string): string {
  const list = parts.map((part) => part.sql);
  if (parts[0]!.aggregate) return `SELECT\n${list.join(',\n')} FROM ${from} GROUP BY ()`;
  return `FROM ${from} SELECT 1 WHERE (\n${list.join(') IS NULL AND (\n')}) IS NULL`;
}

function keyOf(sql: string, schema: readonly ColumnInfo[]): string {
  return `${sql}\0${schema.map(({ name, type }) => `${name} ${type}`).join(',')}`;
}
