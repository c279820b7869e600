import type { Block, CellBlock, Diagnostic, NotebookDocument } from './document';
import { onLine } from './diagnostic';
import { cellHeaderOf, closes, isKnownKind, openAfter, type CellHeader, type OpenConstruct } from './fence';
import { FORMAT_VERSION, readFrontMatter } from './front-matter';
import { freshId } from './ids';
import { isBlank, linesOf, type Line } from './lines';

/** UTF-16 units; a larger file is no notebook. */
export const LARGEST_NOTEBOOK = 16 << 20;

export interface ParsedNotebook {
  document: NotebookDocument;
  /** What only the file's text can tell: encoding, front matter, fences. `analyse` reports on the cells. */
  diagnostics: Diagnostic[];
}

/**
 * Reads a notebook. Never throws: what cannot be read is reported (`notebook.unreadable`, `front_matter`,
 * `newer_version`, `unclosed_fence`), and a file that must not be written back is read-only. See
 * docs/notebook-format.md.
 */
export function parseNotebook(text: string | Uint8Array, file: string): ParsedNotebook {
  const decoded = typeof text === 'string' ? text : decode(text);
  if (decoded === null)
    return unreadable(file, 'The file is not UTF-8 text.', 'Save it as UTF-8 in another editor.');
  if (decoded.length > LARGEST_NOTEBOOK)
    return unreadable(file, 'The file is larger than 16 MiB.', 'A notebook holds definitions, not data.');
  const byteOrderMark = decoded.startsWith('\uFEFF');
  const lines = linesOf(byteOrderMark ? decoded.slice(1) : decoded);
  const head = readFrontMatter(lines, file);
  const body = readBlocks(lines, head.lines, file);
  return {
    document: {
      file,
      frontMatter: head.frontMatter,
      blocks: body.blocks,
      lineEnd: usualLineEnd(lines),
      byteOrderMark,
      readOnly: head.frontMatter.version > FORMAT_VERSION,
    },
    diagnostics: [...head.diagnostics, ...body.diagnostics],
  };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function unreadable(file: string, message: string, hint: string): ParsedNotebook {
  const frontMatter = { version: FORMAT_VERSION, title: null, include: [], raw: '' };
  return {
    document: { file, frontMatter, blocks: [], lineEnd: '\n', byteOrderMark: false, readOnly: true },
    diagnostics: [
      onLine(file, null, { severity: 'error', code: 'notebook.unreadable', message, hint }, 1, 1, 1),
    ],
  };
}

function usualLineEnd(lines: readonly Line[]): '\n' | '\r\n' {
  const windows = lines.filter((line) => line.end === '\r\n').length;
  const unix = lines.filter((line) => line.end === '\n').length;
  return windows > unix ? '\r\n' : '\n';
}

function readBlocks(
  lines: readonly Line[],
  from: number,
  file: string,
): { blocks: Block[]; diagnostics: Diagnostic[] } {
  const blocks: Block[] = [];
  const diagnostics: Diagnostic[] = [];
  let at = from;
  while (at < lines.length) {
    const header = cellHeaderOf(lines[at]?.text ?? '');
    if (header === null) {
      const markdown = readMarkdown(lines, at, file);
      blocks.push({ type: 'markdown', id: freshId(), raw: textOf(lines, at, markdown.end), line: at + 1 });
      diagnostics.push(...markdown.diagnostics);
      at = markdown.end;
    } else {
      const cell = readCell(lines, at, header, file);
      blocks.push(cell.block);
      diagnostics.push(...cell.diagnostics);
      at = cell.end;
    }
  }
  return { blocks, diagnostics };
}

function textOf(lines: readonly Line[], from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += (lines[at]?.text ?? '') + (lines[at]?.end ?? '');
  return text;
}

function readMarkdown(
  lines: readonly Line[],
  from: number,
  file: string,
): { end: number; diagnostics: Diagnostic[] } {
  let open: OpenConstruct | null = null;
  let openedAt = from;
  let at = from;
  for (; at < lines.length; at++) {
    const text = lines[at]?.text ?? '';
    if (open === null && cellHeaderOf(text) !== null) break;
    const next: OpenConstruct | null = openAfter(text, open);
    if (open === null && next !== null) openedAt = at;
    open = next;
  }
  if (open === null) return { end: at, diagnostics: [] };
  const what = open.kind === 'fence' ? 'code fence' : 'HTML comment';
  const close =
    open.kind === 'comment' ? '`-->`' : `of ${open.length} ${open.mark === '`' ? 'backticks' : 'tildes'}`;
  const finding = {
    severity: 'warning',
    code: 'notebook.unclosed_fence',
    message: `This ${what} is never closed: everything after it is text, not cells.`,
    hint: `Close it with a line ${close}.`,
  } as const;
  const width = lines[openedAt]?.text.length ?? 0;
  return { end: at, diagnostics: [onLine(file, null, finding, openedAt + 1, 1, width + 1)] };
}

function readCell(
  lines: readonly Line[],
  from: number,
  header: CellHeader,
  file: string,
): { block: CellBlock; end: number; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  let close = from + 1;
  let closed = false;
  for (; close < lines.length; close++) {
    const text = lines[close]?.text ?? '';
    closed = closes(text, '`', header.ticks);
    // A body that showed such a line would have been written with a longer fence: the closing one was lost.
    if (closed || (cellHeaderOf(text)?.ticks ?? 0) >= header.ticks) break;
  }
  const body = lines
    .slice(from + 1, close)
    .map((line) => line.text)
    .join('\n');
  const end = closed ? close + 1 : close;
  let after = end;
  while (closed && after < lines.length && isBlank(lines[after]?.text ?? '')) after++;
  if (!closed) {
    const finding = {
      severity: 'error',
      code: 'notebook.unclosed_fence',
      message: `The cell ${header.name === '' ? '' : `\`${header.name}\` `}has no closing fence.`,
      hint: `End it with a line of ${header.ticks} backticks.`,
    } as const;
    const width = lines[from]?.text.length ?? 0;
    diagnostics.push(onLine(file, header.name, finding, from + 1, 1, width + 1));
  }
  const block: CellBlock = {
    type: 'cell',
    id: freshId(),
    language: header.language,
    kind: header.kind,
    name: header.name,
    known: isKnownKind(header.kind),
    body,
    raw: textOf(lines, from, end),
    gap: textOf(lines, end, after),
    line: from + 1,
    bodyLine: from + 2,
  };
  return { block, end: after, diagnostics };
}
