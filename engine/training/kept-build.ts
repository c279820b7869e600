import { INTERNAL_SCHEMA, type Database } from '../database/database';
import { queryRows } from '../database/rows';
import { literal } from '../sql/literal';
import { quote } from '../sql/quote';

/** Names for what the rows behind a training set are: equal names, equal rows. */
export interface BuildInputs {
  /** Of everything that the spine's SQL reads. */
  spine: string;
  /** Of a source's rows, as far as they are loaded. */
  source(name: string): string;
  /** Whether a source's rows are in the engine that builds. */
  isHere(source: string): boolean;
}

/**
 * The stages of a training set's last build, each under the text that it was computed from: a stage whose text and
 * inputs are the same is not computed again. Its tables stay in the database until `drop`.
 */
export class KeptBuild {
  private readonly stages = new Map<string, { key: string; value: unknown }>();
  /** Each table under its own name, and where it lies now: elsewhere while the build is set aside. */
  private readonly tables = new Map<string, string>();
  /** Tables that may be as large as a source, and the stages that made them. */
  private readonly copies = new Map<string, string>();
  private isAside = false;

  /**
   * What `work` gave the last time under the same key, or gives now. A stage that fails or is cancelled halfway is
   * computed anew the next time.
   */
  async stage<T>(name: string, key: string, work: () => Promise<T>): Promise<T> {
    const kept = this.stages.get(name);
    if (kept?.key === key) return kept.value as T;
    this.stages.delete(name);
    const value = await work();
    this.note(name, key, value);
    return value;
  }

  /** The value of a stage under this key; undefined when there is none. */
  known(name: string, key: string): unknown {
    const kept = this.stages.get(name);
    return kept?.key === key ? kept.value : undefined;
  }

  /** The number of a stage `<name> <number>` under this key; null when there is none. */
  numberOf(name: string, key: string): number | null {
    for (const [stage, kept] of this.stages)
      if (kept.key === key && stage.startsWith(`${name} `)) return Number(stage.slice(name.length + 1));
    return null;
  }

  note(name: string, key: string, value: unknown): void {
    this.stages.set(name, { key, value });
  }

  /** Notes tables (quoted) that stages fill. */
  owns(...tables: readonly string[]): void {
    for (const table of tables) this.tables.set(table, table);
  }

  /** Notes a table (quoted) that a stage fills with rows of a source, only to be faster. */
  ownsCopy(table: string, stage: string): void {
    this.owns(table);
    this.copies.set(table, stage);
  }

  /**
   * Makes room for another build of the set, until `restore`: the tables take names of their own, copies are dropped,
   * and the result that the other build will replace is no longer known.
   */
  async setAside(db: Database, set: string): Promise<void> {
    if (this.isAside) return;
    for (const stage of [...this.copies.values(), 'result']) this.stages.delete(stage);
    const standing = await tablesOf(db);
    const statements: string[] = [];
    for (const [at, table] of [...this.tables.keys()].entries()) {
      const aside = `aside_${set}_${at}`;
      if (standing.has(table) && !this.copies.has(table)) {
        statements.push(`ALTER TABLE ${table} RENAME TO ${quote(aside)}`);
        this.tables.set(table, inside(aside));
      } else {
        if (standing.has(table)) statements.push(`DROP TABLE ${table}`);
        this.tables.delete(table);
      }
    }
    this.copies.clear();
    this.isAside = true;
    await allOrNothing(db, statements);
  }

  /** Puts back what `setAside` took away. */
  async restore(db: Database): Promise<void> {
    if (!this.isAside) return;
    const statements = [...this.tables].flatMap(([table, now]) => [
      `DROP TABLE IF EXISTS ${table}`,
      `ALTER TABLE ${now} RENAME TO ${table.slice(SCHEMA.length)}`,
    ]);
    await allOrNothing(db, statements);
    this.owns(...this.tables.keys());
    this.isAside = false;
  }

  /** Drops tables of stages that nothing asks for again. */
  async release(db: Database, ...tables: readonly string[]): Promise<void> {
    await db.query(tables.map((table) => `DROP TABLE IF EXISTS ${table}`).join('; '));
    for (const table of tables) this.tables.delete(table);
  }

  /** Forgets every stage and drops its tables. Never throws: an engine that is gone took them along. */
  async drop(db: Database): Promise<void> {
    const sql = [...this.tables.values()].map((table) => `DROP TABLE IF EXISTS ${table}`).join('; ');
    this.stages.clear();
    this.tables.clear();
    this.copies.clear();
    this.isAside = false;
    if (sql !== '') await db.query(sql).catch(() => undefined);
  }
}

/** What the quoted name of every table of Plumbline's own begins with. */
const SCHEMA = `${quote(INTERNAL_SCHEMA)}.`;

function inside(name: string): string {
  return SCHEMA + quote(name);
}

async function tablesOf(db: Database): Promise<Set<string>> {
  const sql = `SELECT table_name FROM duckdb_tables() WHERE schema_name = ${literal(INTERNAL_SCHEMA)}`;
  return new Set((await queryRows(db, sql)).map((row) => inside(String(row['table_name']))));
}

async function allOrNothing(db: Database, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return;
  try {
    await db.query(['BEGIN', ...statements, 'COMMIT'].join('; '));
  } catch (thrown) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw thrown;
  }
}

/** The kept builds of a session's training sets, by name. */
export class KeptBuilds {
  private builds = new Map<string, KeptBuild>();
  /** Builds of sets that are gone; their tables go with the next build. */
  private gone: KeptBuild[] = [];

  /** The set's last build, to go on from; with `anew` an empty one. */
  async take(db: Database, set: string, options: { anew: boolean }): Promise<KeptBuild> {
    if (options.anew) this.forget(set);
    await this.dropGone(db);
    const build = this.builds.get(set) ?? new KeptBuild();
    this.builds.set(set, build);
    await build.restore(db).catch(() => build.drop(db));
    return build;
  }

  /** The set's last build as it stands. */
  find(set: string): KeptBuild | undefined {
    return this.builds.get(set);
  }

  /** Keeps the set's build beside one that `take` does not give and that uses the same tables. */
  async setAside(db: Database, set: string): Promise<void> {
    await this.dropGone(db);
    const build = this.builds.get(set);
    await build?.setAside(db, set).catch(() => build.drop(db));
  }

  /** Forgets the sets that are not named. */
  retain(names: ReadonlySet<string>): void {
    for (const name of [...this.builds.keys()]) if (!names.has(name)) this.forget(name);
  }

  /** Forgets every build without a word to the database, which was started anew. */
  clear(): void {
    this.builds = new Map();
    this.gone = [];
  }

  private forget(set: string): void {
    const build = this.builds.get(set);
    if (build) this.gone.push(build);
    this.builds.delete(set);
  }

  private async dropGone(db: Database): Promise<void> {
    for (const build of this.gone.splice(0)) await build.drop(db);
  }
}
