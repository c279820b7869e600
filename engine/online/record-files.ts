/**
 * The port to where a workspace keeps what it knows of its writes. Paths are relative, with forward slashes. Errors:
 * the file.* codes.
 */
export interface RecordFiles {
  /** null when there is no such file. */
  read(path: string): Promise<Uint8Array | null>;
  /** Atomic and durable: a reader sees the old bytes or the new ones. Makes missing folders. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Opens an existing file to add to its end. */
  append(path: string): Promise<RecordAppender>;
  /** No error when there is no such file. */
  remove(path: string): Promise<void>;
  /**
   * Holds `path` for this process until the given function is called; a process that ended holds nothing. Error:
   * `online.write_running` while another one holds it.
   */
  lock(path: string): Promise<() => Promise<void>>;
}

export interface RecordAppender {
  /** Durable when it resolves. After a crash a part of the bytes may be there. */
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
