import { z } from 'zod';
import { ERROR_CODES } from '../engine/errors';
import { differenceResult, inspectResult, inspectSchemas } from './contract-inspection';
import { receiptSchema } from '../engine/online/receipt';

/**
 * Every message between the renderer and main, once: request and response schemas per channel. Preload, gate and
 * the renderer's client take their types from here. Main trusts nothing that does not parse.
 */

const MAX_TEXT = 8 * 1024 * 1024;
const text = z.string().max(MAX_TEXT);
/** Relative to the workspace, forward slashes. Main resolves it and refuses what leaves the workspace. */
const relativePath = z.string().min(1).max(1024);
const name = z
  .string()
  .regex(/^[a-z_][a-z0-9_]*$/)
  .max(100);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes');
const nothing = z.object({}).strict();

export const errorRecordSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().optional(),
  cause: z.string().optional(),
  place: z
    .object({
      file: z.string().optional(),
      cell: z.string().optional(),
      line: z.number().optional(),
      column: z.number().optional(),
      endLine: z.number().optional(),
      endColumn: z.number().optional(),
    })
    .optional(),
  retryable: z.boolean().optional(),
});

/** A notebook as main read it. `sha256` of the bytes is what a later save must find on disk. */
const openedNotebook = z.object({
  file: relativePath,
  text,
  sha256: z.string(),
  /** Unsaved text of an earlier session (hot exit), newer than the file; null when there is none. */
  backup: z.object({ text, savedAt: z.number(), baseSha256: z.string().nullable() }).nullable(),
});
export type OpenedNotebook = z.infer<typeof openedNotebook>;

const workspace = z.object({
  /** Opaque; part of app://plumbline/workspace/<id>/<path>, which answers HEAD and ranges. */
  id: z.string(),
  /** For people: the folder's path with the home folder as ~. */
  display: z.string(),
  folderName: z.string(),
  /** The bundled sample: may run at first start, and opens as a writable copy. */
  isSample: z.boolean(),
  notebooks: z.array(relativePath),
  /** Parquet, CSV and JSON files, at most 1,000. */
  dataFiles: z.array(z.object({ path: relativePath, size: z.number(), modified: z.number() })),
  notebook: openedNotebook,
});
export type WorkspaceInfo = z.infer<typeof workspace>;

const recent = z.object({ folder: z.string(), notebook: relativePath, openedAt: z.number() });

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  autosave: z.boolean().default(true),
  /** Spine rows of a preview. */
  previewRows: z.number().int().min(100).max(1_000_000).default(10_000),
  fontSize: z.number().int().min(10).max(24).default(13),
  wordWrap: z.boolean().default(false),
  showCatalog: z.boolean().default(true),
  showInspector: z.boolean().default(true),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A key chord per command id, in the notation of ui/commands: `Mod+Shift+P`, `d d`. */
const keybindings = z.record(z.string(), z.string());

export const redisConnectionSchema = z.object({
  name,
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  db: z.number().int().min(0).max(1023).default(0),
  tls: z.boolean().default(false),
  username: z.string().max(255).default(''),
  /** A file with the certificates (PEM) of the authorities that sign the server's; absent: the system's. */
  caFile: z.string().max(4096).optional(),
  kind: z.enum(['standalone', 'sentinel', 'cluster']).optional(),
  /** The name under which the sentinels know the primary. */
  master: z.string().max(255).optional(),
  /** Who the sentinels know this user as; absent: nobody. */
  sentinelUsername: z.string().max(255).optional(),
  /** More sentinels or nodes to ask. */
  others: z
    .array(
      z
        .string()
        .max(300)
        .regex(/^\S+:\d{1,5}$/, 'must be host:port'),
    )
    .max(20)
    .optional(),
});
export type RedisConnection = z.infer<typeof redisConnectionSchema>;
/** `stored`: in the OS store; `session`: kept in memory only; `none`: no password. */
const passwordState = z.enum(['none', 'stored', 'session', 'unreadable']);
const listedConnection = redisConnectionSchema.extend({
  password: passwordState,
  /** Of kind `sentinel` only. */
  sentinelPassword: passwordState.optional(),
});
export type ListedConnection = z.infer<typeof listedConnection>;

const counts = z.object({
  entities: z.number(),
  added: z.number(),
  changed: z.number(),
  replaced: z.number(),
  skipped_older: z.number(),
  skipped_equal: z.number(),
  equal_differs: z.number(),
  null_overwrites: z.number(),
  orphan_fields: z.number(),
  unknown_fields: z.number(),
  int_mismatch: z.object({ found: z.number(), checked: z.number() }),
  older_by_ms: z.object({ min: z.number(), median: z.number(), max: z.number() }).nullable(),
  bytes: z.number(),
  null_keys: z.number().optional(),
});
const entity = z.record(z.string(), z.string());

const materializeResult = counts.extend({
  store: z.enum(['redis', 'memory']).optional(),
  written: z.boolean(),
  ms: z.number(),
  verified: z.boolean().nullable(),
  read_back: z.number(),
  overtaken: z.number(),
  samples: z.array(
    z.object({
      view: z.string(),
      entity,
      outcome: z.enum(['added', 'changed', 'replaced', 'skipped_older', 'skipped_equal']),
      before: z.record(z.string(), z.string().nullable()).nullable(),
      after: z.record(z.string(), z.string().nullable()),
    }),
  ),
  findings: z.array(
    z.object({
      kind: z.enum(['null_overwrite', 'int_mismatch', 'orphan_field', 'unknown_field']),
      view: z.string(),
      entity,
      what: z.array(z.string()),
    }),
  ),
  batches: z.array(
    z.object({ rows: z.number(), outcome: z.enum(['ok', 'failed']), error: errorRecordSchema.optional() }),
  ),
  interrupted: z
    .object({
      startedAt: z.string(),
      rows: z.number(),
      acknowledged: z.number(),
      same_plan: z.boolean(),
    })
    .nullable(),
  receipt: receiptSchema.nullable(),
});

const featureType = z.string().regex(/^(int32|int64|float32|float64|bool|string|bytes|timestamp)(\[\])?$/);
const micros = z.string().regex(/^-?\d{1,19}$/);
/** What main needs to know of a view to encode it: the online job's half of a definition. */
export const onlineViewSchema = z.object({
  view: name,
  version: z.number().int().min(1).optional(),
  joinKeys: z.array(z.object({ name: z.string(), type: featureType })).min(1),
  features: z.array(z.object({ name: z.string(), type: featureType, default: z.unknown() })),
  /** Microseconds as a decimal string; null = unlimited. */
  ttl: z.string().nullable(),
  definition: z.string().max(100).optional(),
  /** Microseconds UTC as decimal strings. */
  range: z.object({ start: micros.nullable(), end: micros }).optional(),
});

export const materializeJobSchema = z.object({
  cell: name,
  redis: name,
  project: z.string().min(1).max(200),
  views: z.array(onlineViewSchema).min(1),
  replace: z.enum(['newer', 'equal']).optional(),
  /** Seconds. */
  expire: z.number().int().positive().nullable().optional(),
});

export const lookupJobSchema = z.object({
  redis: name,
  project: z.string().min(1).max(200),
  views: z.array(onlineViewSchema).min(1),
  /** int64 as decimal strings. */
  entities: z.array(z.record(z.string(), z.string())).max(10_000),
});

const inspection = inspectSchemas(name, onlineViewSchema);

const lookupResult = z.object({
  rows: z.array(
    z.object({
      entity: z.record(z.string(), z.unknown()),
      features: z.record(
        z.string(),
        z.object({
          value: z.unknown(),
          status: z.enum(['present', 'missing', 'expired', 'null']),
          age_ms: z.number().nullable(),
          defaulted: z.boolean(),
        }),
      ),
    }),
  ),
  latency_ms: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
});

const channel = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({
  request,
  response,
});

/** Requests from the renderer, answered once. */
export const CHANNELS = {
  'app.info': channel(
    nothing,
    z.object({
      version: z.string(),
      electron: z.string(),
      chromium: z.string(),
      platform: z.string(),
      firstStart: z.boolean(),
      /** The path or sample that this window should open at once. */
      initial: workspace,
    }),
  ),
  'app.recent': channel(nothing, z.array(recent)),
  'app.openExternal': channel(
    z.object({ topic: z.enum(['docs', 'issues', 'feast', 'duckdb-sql', 'vega-lite']) }),
    nothing,
  ),
  'workspace.openSample': channel(nothing, workspace),
  /** Asks, then opens a fresh copy; the edited one is kept beside it. null when the user cancels. */
  'workspace.resetSample': channel(nothing, workspace.nullable()),
  /** Native dialog; null when the user cancels. */
  'workspace.openDialog': channel(nothing, workspace.nullable()),
  'workspace.openRecent': channel(z.object({ index: z.number().int().min(0).max(50) }), workspace),
  /** Native save dialog for an empty notebook; null when the user cancels. */
  'workspace.newDialog': channel(nothing, workspace.nullable()),
  'notebook.open': channel(z.object({ file: relativePath }), openedNotebook),
  'notebook.read': channel(z.object({ file: relativePath }), z.object({ text, sha256: z.string() })),
  /** Fails with file.changed_outside when the file on disk is not `expectedSha256` (null: must not exist). */
  'notebook.save': channel(
    z.object({
      file: relativePath,
      text,
      expectedSha256: z.string().nullable(),
      force: z.boolean().default(false),
    }),
    z.object({ sha256: z.string() }),
  ),
  /** Hot exit: text null drops the backup. */
  'notebook.backup': channel(
    z.object({ file: relativePath, text: text.nullable(), baseSha256: z.string().nullable() }),
    nothing,
  ),
  'notebook.edited': channel(z.object({ edited: z.boolean() }), nothing),
  'files.glob': channel(
    z.object({ pattern: z.string().min(1).max(1024) }),
    z.array(z.object({ path: relativePath, size: z.number(), modified: z.number() })),
  ),
  'files.read': channel(z.object({ path: relativePath }), z.object({ bytes: bytes })),
  'files.sha256': channel(z.object({ path: relativePath }), z.object({ sha256: z.string() })),
  'files.write': channel(
    z.object({ path: relativePath, bytes: bytes }),
    z.object({ size: z.number(), sha256: z.string() }),
  ),
  /** A dropped file's path (from preload's webUtils); outside the workspace it needs the user's yes and is copied into data/. */
  'files.adopt': channel(
    z.object({ absolutePath: z.string().max(4096) }),
    z.object({ path: relativePath, copied: z.boolean() }).nullable(),
  ),
  'files.reveal': channel(z.object({ path: relativePath }), nothing),
  'settings.get': channel(
    nothing,
    z.object({ settings: settingsSchema, keybindings, problem: errorRecordSchema.nullable() }),
  ),
  'settings.set': channel(z.object({ settings: settingsSchema }), nothing),
  /** Shows keybindings.json in the system's file manager, empty when it was not there. */
  'settings.revealKeybindings': channel(nothing, nothing),
  'redis.list': channel(
    nothing,
    z.object({
      connections: z.array(listedConnection),
      canStoreSecrets: z.boolean(),
      localServer: z.string().nullable(),
    }),
  ),
  'redis.save': channel(
    z.object({
      connection: redisConnectionSchema,
      password: z.string().max(4096).nullable(),
      keepPassword: z.boolean(),
      sentinelPassword: z.string().max(4096).nullable().default(null),
      keepSentinelPassword: z.boolean().default(false),
    }),
    nothing,
  ),
  'redis.remove': channel(z.object({ name }), nothing),
  'redis.test': channel(
    z.object({ name }),
    z.object({ version: z.string(), role: z.string(), latencyMs: z.number(), keys: z.number() }),
  ),
  /** Runs the user's own redis-server on a free loopback port and saves it as connection `name`. */
  'redis.startLocal': channel(z.object({ name }), listedConnection),
  /**
   * Dry run. The rows come over MessagePorts with the same `job` id (see RowsMessage), one port per view and one
   * Arrow IPC stream per message, with columns join keys, `__event_ts` (BIGINT microseconds) and features, in the
   * definition's order. Main keeps what it read, so that the later write is exactly what was shown.
   */
  'online.dryRun': channel(
    z.object({ job: z.string().uuid(), target: materializeJobSchema }),
    materializeResult,
  ),
  /** Main asks the user in its own dialog, then writes the plan that the dry run left. redis.consent when refused. */
  'online.write': channel(
    z.object({ job: z.string().uuid(), dropJournal: z.boolean().default(false) }),
    materializeResult,
  ),
  /** What the workspace's files know of a cell's writes; no Redis is asked. */
  'online.records': channel(
    z.object({ cell: name, redis: name, project: z.string().min(1).max(200) }),
    z.object({ ends: z.record(z.string(), z.string()), receipt: receiptSchema.nullable() }),
  ),
  'online.cancel': channel(z.object({ job: z.string().uuid() }), nothing),
  'online.lookup': channel(
    lookupJobSchema.extend({
      repeat: z.number().int().min(1).max(1000),
      at: z
        .string()
        .regex(/^-?\d{1,19}$/)
        .optional(),
    }),
    lookupResult,
  ),
  /** Reads keys with SCAN, at most `limit`; progress and cancelling go by `job`. */
  'online.inspect': channel(z.object({ job: z.string().uuid(), spec: inspection.inspect }), inspectResult),
  /** Holds a view against a snapshot, whose rows come as those of a dry run do. */
  'online.difference': channel(
    z.object({ job: z.string().uuid(), spec: inspection.difference }),
    differenceResult,
  ),
} as const;

export type ChannelName = keyof typeof CHANNELS;
export type Request<C extends ChannelName> = z.input<(typeof CHANNELS)[C]['request']>;
export type Parsed<C extends ChannelName> = z.output<(typeof CHANNELS)[C]['request']>;
export type Response<C extends ChannelName> = z.output<(typeof CHANNELS)[C]['response']>;

/** Messages from main that nobody asked for. */
export const EVENTS = {
  /** A menu item or accelerator; ids are those of the renderer's command registry. */
  command: z.object({ id: z.string() }),
  /** A file of the workspace changed outside the app. */
  'file-changed': z.object({ path: relativePath, sha256: z.string().nullable() }),
  'online-progress': z.object({
    job: z.string(),
    phase: z.string(),
    rows: z.number(),
    totalRows: z.number().nullable(),
    /** Rows per second, and seconds until the phase ends; null where they are not known. */
    rate: z.number().nullable(),
    secondsLeft: z.number().nullable(),
  }),
  /** A notebook was opened from outside (file association, second instance). */
  'open-workspace': workspace,
  /** The window wants to close: the renderer flushes its backup and answers through `notebook.backup`. */
  'flush-backup': nothing,
} as const;
export type EventName = keyof typeof EVENTS;
export type EventPayload<E extends EventName> = z.infer<(typeof EVENTS)[E]>;

/** An answer as it crosses the context bridge, which would strip a thrown error of its code and hint. */
export type Answer<C extends ChannelName> =
  { ok: true; value: Response<C> } | { ok: false; error: z.infer<typeof errorRecordSchema> };

/** What preload exposes as `window.plumbline`: one frozen object, no Electron type in it. */
export interface PlumblineBridge {
  call<C extends ChannelName>(channel: C, request: Request<C>): Promise<Answer<C>>;
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  /** The absolute path of a dropped file, or null when it has none. */
  pathForFile(file: File): string | null;
}

/**
 * A dry run's rows travel over a MessagePort. The renderer posts this message with one end of a MessageChannel to
 * its own window; preload checks the origin and hands the port to main. Back-pressure: main answers every batch
 * with `{ack: n}`; the renderer keeps at most two batches unacknowledged and ends with `{end: true}`.
 */
export const rowsMessageSchema = z.object({
  plumbline: z.literal('online-rows'),
  job: z.string().uuid(),
  view: name,
});
export type RowsMessage = z.infer<typeof rowsMessageSchema>;
