import { PlumblineError } from '../errors';
import { scan, type Token } from './scan';

/** Words that would let an expression read another relation or become another statement. */
const RELATIONS = new Set([
  'select',
  'from',
  'with',
  'values',
  'table',
  'pivot',
  'unpivot',
  'lateral',
  'over',
]);
/** Functions whose value is not a function of the row: a training set could not be computed twice. */
const VOLATILE = new Set([
  'random',
  'uuid',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'now',
  'current_timestamp',
  'current_date',
  'current_time',
  'get_current_timestamp',
  'get_current_time',
  'localtimestamp',
  'localtime',
  'today',
  'transaction_timestamp',
  'txid_current',
  'nextval',
  'currval',
  'setseed',
  'current_setting',
  'getvariable',
  'query',
  'query_table',
]);

/**
 * Refuses text that is not one scalar expression over the row's columns: several statements, subqueries, window
 * functions, Plumbline's own columns, functions of the clock or of chance. Errors: `sql.syntax`, `sql.forbidden`;
 * `place.column` is the offset in the expression plus 1.
 */
export function checkScalar(expression: string): void {
  const tokens = balanced(expression);
  for (const [index, token] of tokens.entries()) {
    const word = plainName(token);
    if (word === null) continue;
    if (token.kind === 'word' && readsMore(tokens, index))
      throw forbidden(token, 'reads columns of its own event only', 'Prepare other data in the source.');
    if (word.startsWith('__'))
      throw forbidden(token, 'uses a name that begins with __', 'Those names are Plumbline’s own.');
    if (VOLATILE.has(word) && (tokens[index + 1]?.text === '(' || /^(current|local)/.test(word)))
      throw forbidden(token, 'changes from run to run', 'Use the event’s own columns.');
  }
}

/** The same for one aggregate expression; which functions aggregate is the binder's to know. */
export function checkAggregate(expression: string): void {
  checkScalar(expression);
}

/** Tokens without comments; refuses text whose brackets or quotes do not close, or with `;`. */
export function balanced(sql: string): Token[] {
  const all = scan(sql);
  const tokens = all.filter((token) => token.kind !== 'comment');
  if (tokens.length === 0)
    throw new PlumblineError('sql.syntax', 'the expression is empty', { hint: 'Write one.' });
  const cut = all.find((token) => token.open);
  if (cut) throw syntax(cut, `${cut.text.slice(0, 20)} is not closed`);
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.kind !== 'symbol') continue;
    if (token.text === ';') throw forbidden(token, 'holds a ;', 'Write one expression, without a semicolon.');
    if ('([{'.includes(token.text)) open.push(token);
    const opening = '([{'[')]}'.indexOf(token.text)];
    if (opening !== undefined && open.pop()?.text !== opening)
      throw syntax(token, `a ${token.text} too many`);
  }
  const left = open.pop();
  if (left) throw syntax(left, `${left.text} is not closed`);
  return tokens;
}

function readsMore(tokens: readonly Token[], index: number): boolean {
  const word = tokens[index]!.text.toLowerCase();
  const following = tokens[index + 1];
  if (word === 'over') return following?.text === '(' || following?.kind === 'word';
  if (word === 'values') return following?.text === '(';
  return RELATIONS.has(word) && !isExtractFrom(tokens, index);
}

/** The name that a token stands for, in lower case, as DuckDB compares names. */
function plainName(token: Token): string | null {
  if (token.kind === 'word') return token.text.toLowerCase();
  if (token.kind === 'quoted') return token.text.slice(1, -1).replaceAll('""', '"').toLowerCase();
  return null;
}

/** `FROM` inside `extract(year FROM x)`, `substring(x FROM 2)`, `trim(BOTH ' ' FROM x)`, `x IS DISTINCT FROM y`. */
function isExtractFrom(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]!.text.toLowerCase() !== 'from') return false;
  if (tokens[index - 1]?.text.toLowerCase() === 'distinct') return true;
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    if (tokens[at]!.text === ')') depth++;
    if (tokens[at]!.text === '(' && depth-- === 0)
      return /^(extract|substring|trim|overlay)$/i.test(tokens[at - 1]?.text ?? '');
  }
  return false;
}

function forbidden(token: Token, why: string, hint: string): PlumblineError {
  return new PlumblineError('sql.forbidden', `${token.text}: a feature's expression ${rule(why)}`, {
    hint,
    place: { line: 1, column: token.at + 1 },
  });
}

function rule(why: string): string {
  return why.startsWith('reads') ? why : `may not be one that ${why}`;
}

function syntax(token: Token, message: string): PlumblineError {
  return new PlumblineError('sql.syntax', message, {
    hint: 'Check brackets and quotes.',
    place: { line: 1, column: token.at + 1 },
  });
}

const FIRST_WORDS = /^(select|with|from|values|table|pivot|unpivot|describe|show|summarize)$/i;

/**
 * Refuses text that is not one query: several statements, or one that changes something. A `;` at the end is fine.
 * Errors: `sql.syntax`, `sql.forbidden`.
 */
export function checkSelect(sql: string): void {
  const tokens = balanced(withoutFinalSemicolon(sql));
  const first = tokens.find((token) => token.text !== '(')!;
  if (!FIRST_WORDS.test(first.text))
    throw new PlumblineError('sql.forbidden', `${first.text} does not begin a query`, {
      hint: 'Write a SELECT.',
      place: { line: 1, column: first.at + 1 },
    });
}

/** The query without a `;` at its end, and without what follows it (comments, white space). */
export function withoutFinalSemicolon(sql: string): string {
  const last = scan(sql).findLast((token) => token.kind !== 'comment');
  return last?.text === ';' ? sql.slice(0, last.at) : sql;
}
