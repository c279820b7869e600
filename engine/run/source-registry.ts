import type { Source } from '../catalog/model';
import type { ColumnInfo } from '../database/database';
import { describeSource, loadSource, type LoadedSource } from '../database/source-loader';
import { sourceBudget } from '../database/source-size';
import type { OnProgress } from '../ports';
import type { RunHost } from '../run-types';

/** Which sources are loaded or known by their schema, and with which definition over which files. */
export class SourceRegistry {
  private readonly rows = new Map<string, { key: string; loaded: LoadedSource; load: number }>();
  private loads = 0;
  private readonly schemas = new Map<string, { key: string; columns: readonly ColumnInfo[] }>();

  /** `onChange` is told which source has other columns than before. */
  constructor(
    private readonly host: RunHost,
    private readonly onChange: (source: string) => void,
  ) {}

  get loaded(): ReadonlyMap<string, LoadedSource> {
    return new Map([...this.rows].map(([name, { loaded }]) => [name, loaded]));
  }

  get columns(): ReadonlyMap<string, readonly ColumnInfo[]> {
    return new Map([...this.schemas].map(([name, { columns }]) => [name, columns]));
  }

  /** Which load the rows came from: another number, other rows. 0 when there are none. */
  loadOf(name: string): number {
    return this.rows.get(name)?.load ?? 0;
  }

  /** Whether `load` would leave everything as it is. */
  async isLoaded(source: Source, columns: ReadonlySet<string> | null): Promise<boolean> {
    const before = this.rows.get(source.name);
    if (before === undefined || !holds(before.loaded, columns)) return false;
    return before.key === (await this.key(source));
  }

  clear(): void {
    this.rows.clear();
    this.schemas.clear();
  }

  /**
   * Loads a source unless the same definition over the same files is loaded already, with all columns of `columns`
   * (lower-case names; null = all).
   */
  async load(
    source: Source,
    options: { columns: ReadonlySet<string> | null; signal?: AbortSignal; onProgress?: OnProgress },
  ): Promise<void> {
    const key = await this.key(source);
    const before = this.rows.get(source.name);
    const same = before?.key === key;
    if (same && holds(before.loaded, options.columns)) return;
    const { database, files, reader } = this.host;
    const others = [...this.rows].filter(([name, { loaded }]) => name !== source.name && !loaded.large);
    const taken = others.reduce((sum, [, { loaded }]) => sum + loaded.bytes, 0);
    // Without a pool nothing else could compute from it.
    const budget = this.host.pool === null ? Infinity : sourceBudget(taken, this.host.pool.engineBytes);
    const loaded = await loadSource(database, files, reader, source, { ...options, budget });
    // More columns of the same rows make nothing stale that rests on the others.
    this.rows.set(source.name, { key, loaded, load: same ? before.load : ++this.loads });
    this.know(source.name, key, loaded.columns);
  }

  /** Makes a source's schema known without its rows, unless it is known. Replaces rows of other files. */
  async describe(
    source: Source,
    options: { columns: ReadonlySet<string> | null; signal?: AbortSignal },
  ): Promise<void> {
    const key = await this.key(source);
    if (this.schemas.get(source.name)?.key === key) return;
    const { database, files, reader } = this.host;
    const columns = await describeSource(database, files, reader, source, options);
    this.rows.delete(source.name);
    this.know(source.name, key, columns);
  }

  private know(name: string, key: string, columns: readonly ColumnInfo[]): void {
    const before = this.schemas.get(name)?.columns;
    this.schemas.set(name, { key, columns });
    if (JSON.stringify(before) !== JSON.stringify(columns)) this.onChange(name);
  }

  /** The definition, and its files as they are on disk now. */
  private async key(source: Source): Promise<string> {
    const files = await Promise.all(source.files.map((pattern) => this.host.files.glob(pattern)));
    return JSON.stringify([source.timestamp, source.availableAt, files]);
  }
}

function holds({ columns, loaded, large }: LoadedSource, used: ReadonlySet<string> | null): boolean {
  if (large) return true;
  return columns.every(
    ({ name }) => loaded.includes(name) || (used !== null && !used.has(name.toLowerCase())),
  );
}
