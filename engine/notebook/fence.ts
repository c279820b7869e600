import { CELL_KINDS, type CellKind } from './document';

/** The opening line of a cell. `name` is as written: it may be missing or not be a name at all. */
export interface CellHeader {
  ticks: number;
  language: string;
  kind: string;
  name: string;
}

export function isKnownKind(kind: string): kind is CellKind {
  return (CELL_KINDS as readonly string[]).includes(kind);
}

export function languageOf(kind: CellKind): 'sql' | 'yaml' {
  return kind === 'query' ? 'sql' : 'yaml';
}

const WORD = /^[A-Za-z_][\w-]*$/;

/**
 * Reads a line as the opening fence of a cell: backticks in the first column and the info string
 * `<language> <kind> <name>`. A fence with other words, such as ```` ```python ```` or ```` ```sql ````, is ordinary
 * Markdown and gives null. A known kind with a missing or wrong name is still a cell, so that it can be mended.
 */
export function cellHeaderOf(line: string): CellHeader | null {
  const match = /^(`{3,})[ \t]*([^`]*)$/.exec(line);
  if (match === null) return null;
  const words = (match[2] ?? '').trim().split(/[ \t]+/);
  const [language = '', kind = '', ...rest] = words;
  if (!WORD.test(language) || !WORD.test(kind)) return null;
  const name = rest.join(' ');
  const named = rest.length === 1 && WORD.test(name);
  if (!named && !(isKnownKind(kind) && /^(yaml|yml|sql)$/i.test(language))) return null;
  return { ticks: (match[1] ?? '').length, language, kind, name };
}

/** What a Markdown line leaves open: a code fence or an HTML comment, in which no cell can begin. */
export type OpenConstruct = { kind: 'fence'; mark: '`' | '~'; length: number } | { kind: 'comment' };

/** The construct that is open after a line of Markdown, following CommonMark's rules for fences and comments. */
export function openAfter(line: string, open: OpenConstruct | null): OpenConstruct | null {
  if (open === null) {
    const fence = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line);
    if (fence !== null) {
      const run = fence[1] ?? fence[2] ?? '';
      return { kind: 'fence', mark: run.startsWith('`') ? '`' : '~', length: run.length };
    }
    return /^ {0,3}<!--/.test(line) && !line.includes('-->') ? { kind: 'comment' } : null;
  }
  if (open.kind === 'comment') return line.includes('-->') ? null : open;
  return closes(line, open.mark, open.length) ? null : open;
}

/** Whether a line closes a fence of `length` marks. */
export function closes(line: string, mark: '`' | '~', length: number): boolean {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line);
  return match?.[1] !== undefined && match[1].startsWith(mark) && match[1].length >= length;
}

/** Whether a cell's raw text ends with its closing fence. */
export function isClosedCell(raw: string): boolean {
  const lines = raw.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/);
  return lines.length > 1 && closes(lines.at(-1) ?? '', '`', cellHeaderOf(lines[0] ?? '')?.ticks ?? 3);
}

/** The shortest fence that `body` cannot close: its longest run of backticks and one more, at least three. */
export function fenceFor(body: string): string {
  let longest = 0;
  for (const run of body.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return '`'.repeat(Math.max(3, longest + 1));
}
