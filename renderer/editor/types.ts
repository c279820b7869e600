import type { Catalog } from '../../engine/catalog/model';
import type { ColumnInfo } from '../../engine/database/database';

export type EditorLanguage = 'yaml' | 'sql' | 'markdown';

/**
 * What a key in an editor asks of the notebook: `escape` leaves for command mode, the three runs are Mod+Enter,
 * Shift+Enter and Alt+Enter, `leave-up` and `leave-down` are the arrow keys at the text's first and last line.
 */
export type EditorCommand =
  'escape' | 'run' | 'run-and-next' | 'run-and-insert' | 'run-selection' | 'leave-up' | 'leave-down';

/** A finding in a cell's text. Lines and columns count from 1 within the cell's body. */
export interface EditorDiagnostic {
  severity: 'error' | 'warning' | 'info';
  message: string;
  hint?: string;
  /** Shown beside the message in the hover. */
  code?: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface CellEditorProps {
  /** The block's id: its model, and with it the undo history, lives as long as the id is in the document. */
  cellId: string;
  /** The cell's name; the editor is labelled with it for screen readers. */
  name: string;
  language: EditorLanguage;
  /** `view`, `source`, `query`…; any word for markdown. Chooses the schema of a YAML cell. */
  kind: string;
  value: string;
  onChange(value: string): void;
  /** `selection` is the selected text for `run-selection`, else null. */
  onCommand(command: EditorCommand, selection: string | null): void;
  diagnostics?: readonly EditorDiagnostic[];
  /** Whether the editor takes the keyboard focus as soon as it is there. */
  autoFocus?: boolean;
  /** Where the caret goes, with the focus, whenever it is another object; counts from 1 in the text. */
  caret?: { line: number; column: number } | null;
  readOnly?: boolean;
  onFocus?(): void;
  onBlur?(): void;
}

/** A DuckDB function for completion, as `duckdb_functions()` tells it. */
export interface SqlFunction {
  name: string;
  /** For instance `(date_part, timestamp) -> TIMESTAMP`. */
  signature: string;
  description: string;
}

/** What completion and hover know beyond the cell's own text. Set by the store whenever the catalog changes. */
export interface EditorContext {
  catalog: Catalog;
  /** Columns of every relation that the engine knows by name: sources, views, training sets, queries. */
  columns: ReadonlyMap<string, readonly ColumnInfo[]>;
  /** Names of the saved Redis connections. */
  redis: readonly string[];
  /** Data files of the workspace, relative to it. */
  files: readonly string[];
  /** Asked once, at the first SQL completion. */
  functions?: () => Promise<readonly SqlFunction[]>;
}
