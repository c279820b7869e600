import { PlumblineError, toPlumblineError } from '../errors';
import type {
  ArrowBytes,
  ColumnInfo,
  Database,
  DatabaseInfo,
  IngestOptions,
  MemoryUse,
  QueryOptions,
} from './database';
import { Activity } from './activity';
import { INTERNAL_SCHEMA } from './database';
import { EngineClient } from './engine-client';
import { EngineConnection } from './engine-connection';
import type { EngineHost } from './engine-worker';
import { literal } from '../sql/literal';
import { decodeRows } from './rows';
import { sqlError } from './sql-error';

/** Milliseconds that the engine works before it looks whether it was cancelled, or whether something goes first. */
const POLL_MS = 20;

/** Milliseconds without a statement of the user's after which background work goes on. */
const QUIET_MS = 10;

/**
 * DuckDB-WASM (single-threaded `eh` build) behind the port `Database`, locked after set-up: SQL reads only
 * what `registerFile` made, loads no extension, changes no setting. Time values show as UTC (the build has no time zones).
 */
export class DuckDBWasm implements Database {
  private readonly idleStreams: EngineConnection[] = [];
  private background: Promise<EngineConnection> | null = null;

  private constructor(
    private readonly client: EngineClient,
    private readonly main: EngineConnection,
    private readonly screenful: EngineConnection,
    private readonly loader: EngineConnection,
    private readonly status: EngineConnection,
    private readonly version: string,
    private readonly filesFolder: string,
    private readonly screen: Activity,
    private readonly users = new Activity(QUIET_MS),
  ) {}

  /** Starts a worker and sets the engine up. Errors: `engine.start_failed`. */
  static async open(host: EngineHost): Promise<DuckDBWasm> {
    const client = new EngineClient(host.spawn());
    try {
      await client.call('INSTANTIATE', [host.wasm, null]);
      await client.call('OPEN', { query: { queryPollingInterval: POLL_MS } });
      const screen = new Activity();
      const main = await EngineConnection.open(client, () => screen.pause());
      for (const statement of setUp(host)) await main.query(statement);
      const open = () => EngineConnection.open(client);
      const [screenful, loader, status] = [await open(), await open(), await open()];
      const version = await client.call('GET_VERSION', null);
      return new DuckDBWasm(client, main, screenful, loader, status, version, host.filesFolder, screen);
    } catch (thrown) {
      client.terminate('it did not start');
      throw new PlumblineError(
        'engine.start_failed',
        `The engine did not start: ${toPlumblineError(thrown).message}`,
        { cause: thrown, hint: 'Restart Plumbline. If it happens again, the installation is damaged.' },
      );
    }
  }

  query(sql: string, options: QueryOptions = {}): Promise<ArrowBytes> {
    const { priority = 'user', signal } = options;
    if (priority === 'background') return this.queryBehind(sql, signal);
    if (priority === 'user') return this.users.during(() => this.main.query(sql, signal));
    const query = () => this.screenful.query(sql, signal);
    return this.users.during(() => this.screen.during(query));
  }

  async *stream(sql: string, options: QueryOptions = {}): AsyncGenerator<ArrowBytes> {
    const connection = this.idleStreams.pop() ?? (await EngineConnection.open(this.client));
    try {
      yield* connection.stream(sql, options.signal);
    } finally {
      this.idleStreams.push(connection);
    }
  }

  describe(sql: string, options: QueryOptions = {}): Promise<ColumnInfo[]> {
    return this.users.during(async () => {
      // Preparing refuses a second statement, which DESCRIBE would let through and run.
      await this.main.prepare(sql, options.signal);
      const rows = decodeRows(await this.main.query(`DESCRIBE ${sql}`, options.signal));
      return rows.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
    });
  }

  ingest(table: { schema: string; name: string }, batch: ArrowBytes, options: IngestOptions): Promise<void> {
    const target = { schema: table.schema, name: table.name, create: options.create };
    const { handOver = false, signal } = options;
    return this.users.during(() => this.loader.ingest(target, batch, { handOver, signal }));
  }

  async registerFile(name: string, bytes: Uint8Array): Promise<string> {
    const path = this.filesFolder + name;
    await this.client.call('REGISTER_FILE_BUFFER', [path, bytes]).catch(raise);
    return path;
  }

  async dropFile(name: string): Promise<void> {
    await this.client.call('DROP_FILE', this.filesFolder + name).catch(raise);
  }

  async info(): Promise<DatabaseInfo> {
    return { version: this.version, threads: 1 };
  }

  async memory(): Promise<MemoryUse> {
    const [row] = decodeRows(await this.status.query(MEMORY_SQL));
    return { used: Number(row?.['used'] ?? 0), limit: bytesOf(String(row?.['memory_limit'])) };
  }

  /** Ends the worker at once; calls that still wait are rejected with `engine.died`. */
  async close(): Promise<void> {
    this.terminate('it was closed');
  }

  terminate(reason: string): void {
    this.client.terminate(reason);
  }

  onDeath(listener: (reason: string) => void): void {
    this.client.onDeath(listener);
  }

  private async queryBehind(sql: string, signal?: AbortSignal): Promise<ArrowBytes> {
    this.background ??= EngineConnection.open(this.client, () => this.users.pause());
    return (await this.background).query(sql, signal);
  }
}

function setUp(host: EngineHost): string[] {
  return [
    `SET custom_extension_repository = ${literal(host.extensionRepository)}`,
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    `SET allowed_directories = ${literal([host.filesFolder])}`,
    'SET enable_external_access = false',
    ...(host.memoryBytes === undefined ? [] : [`SET memory_limit = '${host.memoryBytes}B'`]),
    `CREATE SCHEMA ${INTERNAL_SCHEMA}`,
    'SET lock_configuration = true',
  ];
}

const MEMORY_SQL =
  "SELECT sum(memory_usage_bytes)::BIGINT AS used, current_setting('memory_limit') AS memory_limit FROM duckdb_memory()";

/** `3.1 GiB` in bytes, as exact as DuckDB prints it. */
function bytesOf(text: string): number {
  const match = /^([\d.]+) (bytes|KiB|MiB|GiB|TiB)$/.exec(text);
  if (!match?.[1]) return 0;
  const power = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(match[2] ?? 'bytes');
  return Math.round(Number(match[1]) * 1024 ** power);
}

function raise(thrown: unknown): never {
  throw sqlError(thrown);
}
