/**
 * The notebook document: an ordered list of blocks, each with the raw text that it had in the file, so that an
 * untouched block prints byte-identically. See docs/notebook-format.md.
 */

export const CELL_KINDS = [
  'query',
  'source',
  'entity',
  'view',
  'training-set',
  'skew',
  'drift',
  'audit',
  'materialize',
  'backfill',
  'replay',
  'lookup',
  'chart',
] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** Markdown between cells. */
export interface MarkdownBlock {
  type: 'markdown';
  /** Stable while the document lives in memory; never written to the file. */
  id: string;
  /** From its first line that is not blank to the next cell, trailing blank lines included. Never only blank lines. */
  raw: string;
  /** First line in the file, from 1. */
  line: number;
}

/** A fenced cell. `kind` is any word; one that is not in CELL_KINDS is kept and shown read-only. */
export interface CellBlock {
  type: 'cell';
  id: string;
  /** `yaml` or `sql`. */
  language: string;
  kind: string;
  name: string;
  /** Whether kind is in CELL_KINDS. */
  known: boolean;
  /** Text between the fences, LF line ends, without the last line end. */
  body: string;
  /** The whole block as in the file, fences and line ends included; null once the cell was edited. */
  raw: string | null;
  /** The blank lines that follow the closing fence, as in the file. */
  gap: string;
  /** Line of the opening fence, and of the body's first line, from 1. */
  line: number;
  bodyLine: number;
}

export type Block = MarkdownBlock | CellBlock;

export interface FrontMatter {
  /** The major version: `plumbline: 1`. */
  version: number;
  title: string | null;
  include: string[];
  /** The raw text with its `---` lines and the blank lines that follow. */
  raw: string;
}

export interface NotebookDocument {
  /** Path relative to the workspace; `untitled.plumb.md` before the first save. */
  file: string;
  frontMatter: FrontMatter;
  blocks: readonly Block[];
  lineEnd: '\n' | '\r\n';
  /** A UTF-8 byte order mark is kept where found. */
  byteOrderMark: boolean;
  /** True for a higher major version than this one reads: shown, never written. */
  readOnly: boolean;
}

/** A finding about the user's text, placed in the notebook file and inside the cell. */
export interface Diagnostic {
  severity: 'error' | 'warning' | 'info';
  code: import('../errors').ErrorCode;
  message: string;
  hint?: string;
  file: string;
  cell: string | null;
  /** In the notebook file, from 1. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}
