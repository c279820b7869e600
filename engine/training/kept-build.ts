import type { Database } from '../database/database';

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
  private readonly tables = new Set<string>();

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
    for (const table of tables) this.tables.add(table);
  }

  /** Drops tables of stages that nothing asks for again. */
  async release(db: Database, ...tables: readonly string[]): Promise<void> {
    await db.query(tables.map((table) => `DROP TABLE IF EXISTS ${table}`).join('; '));
    for (const table of tables) this.tables.delete(table);
  }

  /** Forgets every stage and drops its tables. Never throws: an engine that is gone took them along. */
  async drop(db: Database): Promise<void> {
    const sql = [...this.tables].map((table) => `DROP TABLE IF EXISTS ${table}`).join('; ');
    this.stages.clear();
    this.tables.clear();
    if (sql !== '') await db.query(sql).catch(() => undefined);
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
    for (const build of this.gone.splice(0)) await build.drop(db);
    const build = this.builds.get(set) ?? new KeptBuild();
    this.builds.set(set, build);
    return build;
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
}
