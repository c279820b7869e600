/** A worker in which the DuckDB-WASM worker script runs, whatever kind of thread the host made it from. */
export interface EngineWorker {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (data: unknown) => void): void;
  /** Told once, with the reason in words, when the thread ended or cannot be trusted any more. */
  onDeath(listener: (reason: string) => void): void;
  terminate(): void;
}

/** How a host starts an engine. */
export interface EngineHost {
  spawn(): EngineWorker;
  /** Address (browser) or file path (Node) of duckdb-eh.wasm. */
  wasm: string;
  /** The only folder of which SQL may read: in memory, never on a disk. Ends with a slash. */
  filesFolder: string;
  /** Where the engine would look for extensions: an address that answers 404 at once, or nothing at all. */
  extensionRepository: string;
  /** Bytes that the engine may use; what DuckDB-WASM sets itself, `ENGINE_BYTES`, when absent. */
  memoryBytes?: number | undefined;
}
