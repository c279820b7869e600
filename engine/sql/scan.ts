/** A piece of SQL text. `open` marks a string, quoted name or comment that the text's end cut off. */
export interface Token {
  kind: 'word' | 'number' | 'string' | 'quoted' | 'comment' | 'symbol';
  text: string;
  /** Offset of the first character. */
  at: number;
  open: boolean;
}

const WORD = /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy;
const NUMBER = /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** SQL text as tokens, white space left out, by DuckDB's lexical rules (nested comments, E'' and $$ strings). */
export function scan(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    if (/\s/.test(sql[at]!)) {
      at++;
      continue;
    }
    const token = next(sql, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function next(sql: string, at: number): Token {
  const rest = (end: number): string => sql.slice(at, end === -1 ? sql.length : end);
  const make = (kind: Token['kind'], text: string, open = false): Token => ({ kind, text, at, open });
  const two = sql.slice(at, at + 2);
  if (two === '--') return make('comment', rest(lineEnd(sql, at)));
  if (two === '/*') return blockComment(sql, at);
  if (/^[eE]'/.test(two)) return quotedToken(sql, at, 1, "'", 'string', true);
  if (sql[at] === "'") return quotedToken(sql, at, 0, "'", 'string', false);
  if (sql[at] === '"') return quotedToken(sql, at, 0, '"', 'quoted', false);
  const tag = matchAt(DOLLAR, sql, at);
  if (tag !== null) {
    const end = sql.indexOf(tag, at + tag.length);
    return make('string', rest(end === -1 ? -1 : end + tag.length), end === -1);
  }
  const word = matchAt(WORD, sql, at);
  if (word !== null) return make('word', word);
  const number = matchAt(NUMBER, sql, at);
  if (number !== null) return make('number', number);
  return make('symbol', sql[at]!);
}

function lineEnd(sql: string, at: number): number {
  const end = sql.slice(at).search(/[\r\n]/);
  return end === -1 ? -1 : at + end;
}

function blockComment(sql: string, at: number): Token {
  let depth = 1;
  let end = at + 2;
  while (end < sql.length && depth > 0) {
    const two = sql.slice(end, end + 2);
    if (two === '/*') depth++;
    if (two === '*/') depth--;
    end += two === '/*' || two === '*/' ? 2 : 1;
  }
  return { kind: 'comment', text: sql.slice(at, end), at, open: depth > 0 };
}

function quotedToken(
  sql: string,
  at: number,
  prefix: number,
  mark: string,
  kind: Token['kind'],
  escapes: boolean,
): Token {
  let end = at + prefix + 1;
  while (end < sql.length) {
    if (escapes && sql[end] === '\\') end += 2;
    else if (sql[end] !== mark) end++;
    else if (sql[end + 1] === mark) end += 2;
    else return { kind, text: sql.slice(at, end + 1), at, open: false };
  }
  return { kind, text: sql.slice(at), at, open: true };
}

function matchAt(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
}

/** Text with every line moved right, save lines that begin inside a string, quoted name or comment. */
export function indent(text: string, by = '  '): string {
  if (!text.includes('\n')) return by + text;
  const inside = scan(text).filter((token) => token.text.includes('\n'));
  let at = 0;
  return text
    .split('\n')
    .map((line) => {
      const start = at;
      at += line.length + 1;
      const within = inside.some((token) => token.at < start && start < token.at + token.text.length);
      return within || line === '' ? line : by + line;
    })
    .join('\n');
}
