/** A piece of SQL; comments and blanks are not tokens. Offsets are UTF-16 units in the text. */
export interface SqlToken {
  /** A keyword is a `word` too. `quoted` is a "quoted identifier". */
  kind: 'word' | 'quoted' | 'string' | 'number' | 'sign';
  text: string;
  start: number;
  end: number;
}

const PIECES: [kind: SqlToken['kind'] | 'blank', pattern: RegExp][] = [
  ['blank', /[\s\uFEFF]+/y],
  ['blank', /--[^\n]*/y],
  ['string', /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y],
  ['string', /[xXbB]?'(?:[^']|'')*(?:'|$)/y],
  ['quoted', /"(?:[^"]|"")*(?:"|$)/y],
  ['number', /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/uy],
];

/** Cuts SQL as DuckDB writes it into tokens. Never throws: what is left open runs to the end. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < sql.length) {
    const piece = blockComment(sql, at) ??
      dollarQuoted(sql, at) ??
      match(sql, at) ?? { kind: 'sign', end: at + 1 };
    if (piece.kind !== 'blank')
      tokens.push({ kind: piece.kind, text: sql.slice(at, piece.end), start: at, end: piece.end });
    at = piece.end;
  }
  return tokens;
}

interface Piece {
  kind: SqlToken['kind'] | 'blank';
  end: number;
}

function match(sql: string, at: number): Piece | null {
  for (const [kind, pattern] of PIECES) {
    pattern.lastIndex = at;
    if (pattern.test(sql)) return { kind, end: pattern.lastIndex };
  }
  return null;
}

function blockComment(sql: string, at: number): Piece | null {
  if (!sql.startsWith('/*', at)) return null;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  let depth = 0;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return { kind: 'blank', end: mark.lastIndex };
  }
  return { kind: 'blank', end: sql.length };
}

function dollarQuoted(sql: string, at: number): Piece | null {
  if (sql[at] !== '$') return null;
  const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 80))?.[0];
  if (tag === undefined) return null;
  const close = sql.indexOf(tag, at + tag.length);
  return { kind: 'string', end: close === -1 ? sql.length : close + tag.length };
}

/** A word or quoted identifier as DuckDB compares it: without quotes, in lower case. null for other tokens. */
export function identifierOf(token: SqlToken | undefined): string | null {
  if (token?.kind === 'word') return token.text.toLowerCase();
  if (token?.kind === 'quoted') return token.text.slice(1, -1).replaceAll('""', '"').toLowerCase();
  return null;
}

/** SQL without comments and layout, for telling whether two texts mean the same. */
export function normalSql(tokens: readonly SqlToken[]): string {
  return tokens.map((token) => token.text).join(' ');
}
