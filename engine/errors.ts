/**
 * Every failure that Plumbline reports, as one closed list. An error that is not on the list is a bug and is
 * reported as `internal`. Codes are stable: scripts match on them in `--json` output.
 */
export const ERROR_CODES = [
  // notebook file
  'notebook.unreadable',
  'notebook.front_matter',
  'notebook.newer_version',
  'notebook.unclosed_fence',
  'notebook.cell_header',
  'notebook.duplicate_name',
  'notebook.yaml',
  'notebook.schema',
  'notebook.unknown_cell',
  'notebook.include',
  // definitions
  'catalog.unknown_source',
  'catalog.unknown_entity',
  'catalog.unknown_view',
  'catalog.unknown_feature',
  'catalog.unknown_column',
  'catalog.unknown_training_set',
  'catalog.unknown_query',
  'catalog.type_mismatch',
  'catalog.name_collision',
  'catalog.cycle',
  'catalog.not_supported',
  // SQL
  'sql.syntax',
  'sql.bind',
  'sql.failed',
  'sql.forbidden',
  // the engine itself
  'engine.cancelled',
  'engine.died',
  'engine.deadline',
  'engine.out_of_memory',
  'engine.start_failed',
  // data files
  'source.no_files',
  'source.outside_workspace',
  'source.unreadable',
  'source.corrupt',
  'source.unsupported_type',
  'source.schema_mismatch',
  'source.timestamp',
  'source.unsupported_format',
  'source.too_large',
  'export.failed',
  'export.mismatch',
  // what the rows themselves say
  'data.overlap',
  // comparison
  'skew.no_overlap',
  'skew.limit',
  'audit.limit',
  'drift.alarm',
  'drift.no_reference',
  // online store
  'online.unsupported_type',
  'online.field_collision',
  'online.null_key',
  'online.verify_failed',
  'online.write_interrupted',
  'online.write_running',
  'redis.unknown_connection',
  'redis.unreachable',
  'redis.auth',
  'redis.needs_user',
  'redis.retryable',
  'redis.refused',
  'redis.consent',
  // desktop host
  'file.not_found',
  'file.denied',
  'file.no_space',
  'file.failed',
  'file.changed_outside',
  'settings.invalid',
  'secrets.unavailable',
  'ipc.rejected',
  'ipc.invalid',
  'usage',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where in the user's own text an error lies. Lines and columns count from 1, in the notebook file. */
export interface ErrorPlace {
  file?: string;
  cell?: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
}

/** An error as it crosses a worker, process or `--json` boundary. */
export interface ErrorRecord {
  code: ErrorCode;
  message: string;
  hint?: string;
  cause?: string;
  place?: ErrorPlace;
  retryable?: boolean;
}

/** The one error class: a code from the list, what happened, the way out, and where. */
export class PlumblineError extends Error {
  override readonly name = 'PlumblineError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: ErrorPlace;
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    details: { hint?: string; cause?: unknown; place?: ErrorPlace; retryable?: boolean } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.place = details.place ?? {};
    this.retryable = details.retryable ?? false;
  }

  /** The same error with a more exact place; a part that is already known stays. */
  at(place: ErrorPlace): PlumblineError {
    return new PlumblineError(this.code, this.message, {
      hint: this.hint,
      cause: this.cause,
      place: { ...place, ...this.place },
      retryable: this.retryable,
    });
  }
}

/** Whatever was thrown, as a `PlumblineError`; what is not ours becomes `internal` with its text kept. */
export function toPlumblineError(thrown: unknown): PlumblineError {
  if (thrown instanceof PlumblineError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new PlumblineError('engine.cancelled', 'The run was cancelled.', { cause: thrown });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PlumblineError('internal', message, { cause: thrown, hint: 'This is a defect in Plumbline.' });
}

export function toErrorRecord(thrown: unknown): ErrorRecord {
  const error = toPlumblineError(thrown);
  const record: ErrorRecord = { code: error.code, message: error.message };
  if (error.hint !== undefined) record.hint = error.hint;
  if (error.cause !== undefined)
    record.cause = error.cause instanceof Error ? error.cause.message : String(error.cause);
  if (Object.keys(error.place).length > 0) record.place = error.place;
  if (error.retryable) record.retryable = true;
  return record;
}

export function fromErrorRecord(record: ErrorRecord): PlumblineError {
  return new PlumblineError(record.code, record.message, {
    hint: record.hint,
    cause: record.cause,
    place: record.place,
    retryable: record.retryable,
  });
}
