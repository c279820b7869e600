import { identifierOf, sqlTokens, type SqlToken } from './sql-tokens';

/** A name in a scalar expression that a column may bear, at its first place. Offsets are UTF-16 units. */
export interface ExpressionName {
  /** As DuckDB compares it: without quotes, in lower case. */
  name: string;
  /** Every place. */
  places: { start: number; end: number; quoted: boolean }[];
  /** Whether it can be nothing but a column; `day` may also be the unit of an interval. */
  sure: boolean;
}

/** Words that are no column unless they are quoted. */
const RESERVED = new Set(
  (
    'all and any array as asc between both case cast collate default desc distinct else end escape except exists false ' +
    'for from glob group having ilike in intersect interval into is isnull lambda leading like limit not notnull null ' +
    'offset on or order overlaps qualify row select similar some struct table then to trailing true try_cast union ' +
    'unique using values when where window with'
  ).split(' '),
);

/** Words that stand in some constructs of SQL, and may be a column's name all the same. */
const PERHAPS =
  /^((micro|milli)?seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|decades?|centur(y|ies)|millenni(um|a)|epoch|dow|doy|isodow|isoyear|era|at|time|zone|filter|within|nulls|first|last|ignore|respect|unknown|precision|varying)$/;

/** The columns that a scalar expression reads: no functions, types, fields after a dot, keys of structs, lambda names. */
export function expressionNames(sql: string): ExpressionName[] {
  const tokens = sqlTokens(sql);
  const own = lambdaNames(tokens);
  const names = new Map<string, ExpressionName>();
  tokens.forEach((token, i) => {
    const name = identifierOf(token);
    if (name === null || own.has(name) || !isColumn(tokens, i)) return;
    const quoted = token.kind === 'quoted';
    if (!quoted && RESERVED.has(name)) return;
    const found = names.get(name) ?? { name, places: [], sure: false };
    found.places.push({ start: token.start, end: token.end, quoted });
    found.sure ||= quoted || !PERHAPS.test(name);
    names.set(name, found);
  });
  return [...names.values()];
}

function isColumn(tokens: readonly SqlToken[], at: number): boolean {
  const text = (from: number): string | undefined => tokens[at + from]?.text;
  if (text(1) === '(' || text(-1) === '.') return false;
  if (tokens[at]!.kind === 'word' && tokens[at + 1]?.kind === 'string') return false;
  const isType = (text(-1) === ':' && text(-2) === ':') || text(-1)?.toLowerCase() === 'as';
  const isKey = text(1) === ':' && text(2) !== ':';
  return !isType && !isKey;
}

/** Names that a lambda gives: `lambda x, y:`, `x ->`, `(x, y) ->`. */
function lambdaNames(tokens: readonly SqlToken[]): Set<string> {
  const names = new Set<string>();
  const add = (token: SqlToken | undefined) => {
    const name = identifierOf(token);
    if (name !== null) names.add(name);
  };
  tokens.forEach((token, i) => {
    if (identifierOf(token) === 'lambda')
      for (let at = i + 1; at < tokens.length && tokens[at]!.text !== ':'; at++) add(tokens[at]);
    const isArrow = token.text === '-' && tokens[i + 1]?.text === '>' && tokens[i + 2]?.kind !== 'string';
    if (!isArrow) return;
    if (tokens[i - 1]?.text !== ')') add(tokens[i - 1]);
    else for (let at = i - 2; at >= 0 && tokens[at]!.text !== '('; at--) add(tokens[at]);
  });
  return names;
}
