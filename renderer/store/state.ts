import type {
  EventName,
  EventPayload,
  ChannelName,
  ListedConnection,
  Request,
  Response,
  Settings,
  WorkspaceInfo,
} from '../../electron/contract';
import type { Catalog } from '../../engine/catalog/model';
import type { ColumnInfo, MemoryUse } from '../../engine/database/database';
import type { ErrorRecord } from '../../engine/errors';
import type { Analysis } from '../../engine/notebook/analysis';
import type { Diagnostic, NotebookDocument } from '../../engine/notebook/document';
import type { ParsedNotebook } from '../../engine/notebook/parse';
import type { Progress } from '../../engine/ports';
import type { CauseEdit } from '../../engine/skew/causes/attribution';
import type { CellRun } from '../../engine/results';
import type { CatalogItem } from '../catalog/catalog-nodes';
import type { EngineSession } from './session';
import type { Graph } from './staleness';
import type { ReplayHold } from './replay-hold';

/**
 * The renderer's whole state: one slice per feature. A slice holds its state and its actions; components select
 * raw state and derive with useMemo. Every slice can be started and stopped.
 */
export interface Lifecycle {
  /** Subscribes to what the slice listens to; called once after the store exists. */
  initialize(): void;
  destroy(): void;
}

/** What the renderer asks of main. Calls reject with a PlumblineError. */
export interface Host {
  call<C extends ChannelName>(channel: C, request: Request<C>): Promise<Response<C>>;
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  pathForFile(file: File): string | null;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once after `ms` milliseconds; gives the way to call it off. */
  after(ms: number, run: () => void): () => void;
}

export type Recent = Response<'app.recent'>[number];

export interface WorkspaceSlice extends Lifecycle {
  info: WorkspaceInfo | null;
  recent: Recent[];
  version: string;
  platform: string;
  /** Set while a workspace is being opened. */
  opening: boolean;
  /** First start: the bundled sample runs by itself. */
  start(): Promise<void>;
  openSample(): Promise<void>;
  /** After the user's yes in main: the sample as it came. */
  resetSample(): Promise<void>;
  openDocs(): Promise<void>;
  openDialog(): Promise<void>;
  openRecent(index: number): Promise<void>;
  newDialog(): Promise<void>;
  /** Another notebook of the same workspace. */
  openNotebook(file: string): Promise<void>;
  /** A dropped data file becomes a source cell; outside the workspace main asks first. */
  adopt(file: File): Promise<void>;
  refreshRecent(): Promise<void>;
}

export type SaveState = 'saved' | 'edited' | 'saving' | 'failed' | 'conflict' | 'read-only';

export interface DocumentSlice extends Lifecycle {
  current: NotebookDocument | null;
  /** Documents that this one includes, in order. */
  included: NotebookDocument[];
  saveState: SaveState;
  saveError: ErrorRecord | null;
  /** The text on disk after an outside change that the user has not decided on yet. */
  outside: { text: string; sha256: string } | null;
  /** A backup of an earlier session was restored. */
  restored: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** What only the file's text told when it was read: encoding, front matter, fences. */
  fileDiagnostics: Diagnostic[];
  load(parsed: ParsedNotebook, base: { sha256: string; savedText: string }): void;
  setIncluded(documents: NotebookDocument[]): void;
  setBody(id: string, body: string): void;
  /** Several cells at once, as one command of the undo stack. */
  setBodies(label: string, bodies: readonly { id: string; body: string }[]): void;
  setMarkdown(id: string, raw: string): void;
  insert(at: number, block: { kind: string; name: string; language: string; body: string }): string;
  remove(ids: readonly string[]): void;
  move(id: string, to: number): void;
  rename(id: string, name: string): void;
  changeKind(id: string, kind: string): void;
  undo(): void;
  redo(): void;
  /** Brings back the cells deleted last, wherever the undo history stands. */
  undoDelete(): void;
  save(): Promise<void>;
  /** Writes what is unsaved to the backup at once. */
  flushBackup(): Promise<void>;
  reloadFromDisk(): void;
  keepMine(): void;
}

export interface AnalysisSlice extends Lifecycle {
  current: Analysis | null;
  /** The catalog as the screen shows it: where a cell has errors, its last valid definition. Runs never use it. */
  shown: Catalog | null;
  /** Cells of `shown` whose text has moved on and is not valid now. */
  kept: ReadonlySet<string>;
  /** What the cells' states are told by; the same object as long as nothing changed its meaning. */
  graph: Graph | null;
  /** Findings of the parser and the analysis, then those of binding against the loaded sources. */
  diagnostics: Diagnostic[];
  /** Columns of each source whose files could be read. */
  sourceColumns: ReadonlyMap<string, readonly ColumnInfo[]>;
  /** First and last event time of each source that was loaded, as text in UTC. */
  sourceRanges: Record<string, { from: string | null; to: string | null }>;
  /** Counts up with every analysis, for effects that follow it. */
  revision: number;
  /** The sources were described and every cell was bound since the engine started. */
  prepared: boolean;
  /** Analyses at once instead of on the next frame. */
  flush(): void;
  setSourceRange(source: string, from: string | null, to: string | null): void;
  setBindDiagnostics(diagnostics: Diagnostic[]): void;
}

/** One cell's run as the screen knows it, kept by cell name and run id. */
export interface CellRunEntry {
  runId: string;
  phase: 'queued' | 'running' | 'done';
  mode: 'preview' | 'whole';
  startedAt: number;
  progress: Progress | null;
  /** The last finished run; it stays visible, marked, while a newer one goes on. */
  run: CellRun | null;
  /** Run id of `run`. */
  doneId: string | null;
  /** The own fingerprint of the cell and of each cell that it depended on when `run` was made. */
  fingerprints: Record<string, string>;
  /** The same for the run in the works. */
  startedFrom: Record<string, string>;
  /** The engine was restarted since: the rows behind `run` are gone. */
  lost: boolean;
  /** What `run` took its rows from: the whole data or a preview. */
  doneMode: 'preview' | 'whole';
}

/** The run of a selected part of an SQL cell. */
export interface SelectionRun {
  /** Another one with each run. */
  id: string;
  sql: string;
  phase: 'running' | 'done';
  rows: number;
  columns: readonly ColumnInfo[];
  error: ErrorRecord | null;
  /** Milliseconds, once done. */
  ms: number;
}

export interface RunsSlice extends Lifecycle {
  byCell: Record<string, CellRunEntry>;
  /** By cell name; shown beside the cell's own result until closed. */
  selections: Record<string, SelectionRun>;
  /** Runs a part of an SQL cell, and what it reads where that is not up to date. */
  runSelection(cell: string, sql: string): Promise<void>;
  closeSelection(cell: string): void;
  /** How replays are held or slowed down, by cell name; see `holdOf`. */
  replays: Readonly<Record<string, ReplayHold>>;
  holdReplay(cell: string, change: Partial<ReplayHold>): void;
  /** Writes an audit's report into the workspace; gives its path there, null when that failed and was told. */
  saveReport(cell: string): Promise<string | null>;
  /** Writes a picture or specification of a chart into the workspace, and tells where or why not. */
  saveChart(
    name: readonly string[],
    extension: 'png' | 'svg' | 'json',
    make: () => Promise<Uint8Array>,
  ): Promise<void>;
  /** Changes definitions as a cause of a skew cell asks, goes there, and offers the run that shows what came of it. */
  applyCause(cell: string, edits: readonly CauseEdit[]): void;
  /** A cell has another name now: its result goes along and counts as older than the cell. */
  rename(from: string, to: string): void;
  run(
    name: string,
    mode?: 'preview' | 'whole',
    options?: { write?: boolean; dropJournal?: boolean; exportFiles?: boolean },
  ): Promise<void>;
  runAll(mode?: 'preview' | 'whole'): Promise<void>;
  runStale(): Promise<void>;
  /** Runs everything as soon as the engine can: for the bundled sample's first start only. */
  runWhenReady(): void;
  cancel(name?: string): void;
  /** Forgets results of cells that are gone or whose tables are. */
  forget(names: readonly string[]): void;
  /** After a restart of the engine: what ran is to be run again, when the user says so. */
  markAllLost(): void;
}

export type EngineStatus = 'starting' | 'ready' | 'failed';

export interface EngineSlice extends Lifecycle {
  status: EngineStatus;
  error: ErrorRecord | null;
  version: string;
  memory: MemoryUse | null;
  restarts: number;
  /** null until the engine has started. */
  session: EngineSession | null;
  restart(): Promise<void>;
}

/** What the inspector shows. */
export type Inspected =
  | { type: 'column'; cell: string; column: string; columnType: string }
  | {
      type: 'value';
      cell: string;
      column: string;
      row: number;
      value: unknown;
      /** The whole row, with the hidden columns of a training set. */
      values: Record<string, unknown>;
    }
  | { type: 'catalog'; item: CatalogItem };

export interface SelectionSlice extends Lifecycle {
  mode: 'command' | 'edit';
  /** Block ids; the last one is the focused one. */
  selected: string[];
  anchor: string | null;
  inspected: Inspected | null;
  /** Scroll a block into view and, with a line, put the caret there (counted inside the cell body from 1). */
  reveal: { id: string; line: number | null; column: number | null; serial: number } | null;
  clipboard: { kind: string; name: string; language: string; body: string }[];
  select(id: string, options?: { extend?: boolean; mode?: 'command' | 'edit' }): void;
  setMode(mode: 'command' | 'edit'): void;
  step(by: 1 | -1, extend?: boolean): void;
  copy(): void;
  cut(): void;
  paste(): void;
  inspect(value: Inspected | null): void;
  goTo(cell: string, line?: number | null, column?: number | null): void;
}

export interface SettingsSlice extends Lifecycle {
  values: Settings;
  keybindings: Record<string, string>;
  problem: ErrorRecord | null;
  load(): Promise<void>;
  /** Takes over what was edited in keybindings.json meanwhile. */
  reloadKeybindings(): Promise<void>;
  /** Shows keybindings.json in the system's file manager. */
  revealKeybindings(): Promise<void>;
  set(change: Partial<Settings>): Promise<void>;
}

export interface ConnectionsSlice extends Lifecycle {
  list: ListedConnection[];
  canStoreSecrets: boolean;
  localServer: string | null;
  /** The last test of each connection. */
  tests: Record<string, { ok: boolean; text: string } | 'testing'>;
  /** The connection that was called last, by a test or by a cell. */
  lastCalled: string | null;
  /** A cell called a connection: what came of it counts like a test. */
  noteCall(name: string, ok: boolean, text: string): void;
  refresh(): Promise<void>;
  save(request: Request<'redis.save'>): Promise<void>;
  remove(name: string): Promise<void>;
  test(name: string): Promise<void>;
  startLocal(name: string): Promise<void>;
  /** What the workspace keeps of a materialize cell's writes. */
  records(query: Request<'online.records'>): Promise<Response<'online.records'>>;
}

export type DialogName =
  'settings' | 'connections' | 'open' | 'shortcuts' | 'problems' | 'about' | 'lookup' | 'inspect' | 'feast';

export interface DialogsSlice extends Lifecycle {
  open: DialogName | null;
  palette: 'commands' | 'names' | null;
  show(name: DialogName): void;
  close(): void;
  showPalette(kind: 'commands' | 'names' | null): void;
}

export interface AppState {
  workspace: WorkspaceSlice;
  document: DocumentSlice;
  analysis: AnalysisSlice;
  runs: RunsSlice;
  engine: EngineSlice;
  selection: SelectionSlice;
  settings: SettingsSlice;
  connections: ConnectionsSlice;
  dialogs: DialogsSlice;
}
