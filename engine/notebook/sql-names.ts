import type { Finding } from './diagnostic';
import { identifierOf, type SqlToken } from './sql-tokens';

/** A name that SQL mentions. `sure` when it stands where only a relation can: after FROM or JOIN. */
export interface SqlName {
  name: string;
  sure: boolean;
  start: number;
  end: number;
}

const BEFORE_RELATION = new Set(['from', 'join', 'pivot', 'unpivot', 'summarize', 'describe', 'table']);

const CALLS_WITH_FROM = new Set(['extract', 'trim', 'substring', 'overlay', 'position', 'date_part']);

/** Words that follow FROM or JOIN without being a relation, and DuckDB's own catalogs. */
const NO_RELATION =
  /^(lateral|select|values|unnest|information_schema|duckdb_.*|pg_.*|sqlite_.*|system|temp|main)$/;

/** Whether a name that no cell has is surely a mistake. */
export function mustBeRelation(name: SqlName): boolean {
  return name.sure && !NO_RELATION.test(name.name);
}

/**
 * Identifiers of SQL that may name a relation, each once: not a function, a column after a dot, an alias after
 * AS, or a name that the SQL itself gives to a common table expression.
 */
export function sqlNames(tokens: readonly SqlToken[]): SqlName[] {
  const own = new Set<string>();
  tokens.forEach((token, i) => {
    const name = identifierOf(token);
    if (name !== null && givesTable(tokens, i)) own.add(name);
  });
  const names = new Map<string, SqlName>();
  tokens.forEach((token, i) => {
    const name = identifierOf(token);
    if (name === null || own.has(name)) return;
    const before = tokens[i - 1];
    const qualified = before?.text === '.';
    if (qualified && identifierOf(tokens[i - 2]) !== 'main') return;
    if (identifierOf(before) === 'as' || tokens[i + 1]?.text === '(') return;
    const lead = identifierOf(qualified ? tokens[i - 3] : before);
    const sure =
      lead !== null && BEFORE_RELATION.has(lead) && !isInsideCall(tokens, i) && !comparesDistinct(tokens, i);
    const known = names.get(name);
    if (known === undefined || (sure && !known.sure))
      names.set(name, { name, sure, start: token.start, end: token.end });
  });
  return [...names.values()];
}

/** `extract(day FROM ts)` and its like: FROM followed by a value. */
function isInsideCall(tokens: readonly SqlToken[], at: number): boolean {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    const text = tokens[i]?.text;
    if (text === ')') depth++;
    else if (text === '(' && depth-- === 0) return CALLS_WITH_FROM.has(identifierOf(tokens[i - 1]) ?? '');
  }
  return false;
}

/** `a IS DISTINCT FROM b`. */
function comparesDistinct(tokens: readonly SqlToken[], at: number): boolean {
  const [is, distinct] = [identifierOf(tokens[at - 3]), identifierOf(tokens[at - 2])];
  return distinct === 'distinct' && (is === 'is' || is === 'not');
}

/** `name AS (`, `name(a, b) AS (`, `name AS MATERIALIZED (`: a common table expression. */
function givesTable(tokens: readonly SqlToken[], at: number): boolean {
  let next = at + 1;
  if (tokens[next]?.text === '(') {
    while (next < tokens.length && tokens[next]?.text !== ')') next++;
    next++;
  }
  if (identifierOf(tokens[next]) !== 'as') return false;
  next++;
  if (identifierOf(tokens[next]) === 'not') next++;
  if (identifierOf(tokens[next]) === 'materialized') next++;
  return tokens[next]?.text === '(';
}

const READERS =
  /^(read_(parquet|csv|csv_auto|json|json_auto|json_objects|json_objects_auto|ndjson|ndjson_auto|ndjson_objects|text|blob|xlsx)|parquet_(scan|metadata|schema|file_metadata|kv_metadata)|sniff_csv|glob|arrow_scan|scan_arrow_ipc|iceberg_scan|delta_scan|sqlite_scan|postgres_scan)$/;

const STATEMENTS = new Set([
  'select',
  'with',
  'from',
  'values',
  'table',
  'pivot',
  'unpivot',
  'describe',
  'summarize',
  'show',
  'explain',
]);

export interface SqlFinding extends Finding {
  start: number;
  end: number;
}

/** What a cell's SQL must not do: read files by itself, or be anything but one reading statement. */
export function sqlFindings(tokens: readonly SqlToken[]): SqlFinding[] {
  const findings: SqlFinding[] = [];
  const forbid = (message: string, hint: string, token: SqlToken) =>
    findings.push({
      severity: 'error',
      code: 'sql.forbidden',
      message,
      hint,
      start: token.start,
      end: token.end,
    });
  const first = tokens.find((token) => token.text !== '(');
  if (first !== undefined && !STATEMENTS.has(identifierOf(first) ?? ''))
    forbid(
      `SQL in a notebook only reads; it cannot begin with \`${shorten(first.text)}\`.`,
      'Write a SELECT.',
      first,
    );
  const rest = tokens.findIndex((token) => token.text === ';');
  const second = rest === -1 ? undefined : tokens.slice(rest).find((token) => token.text !== ';');
  if (second !== undefined)
    forbid('A cell holds one statement.', 'Put the next one into a query cell of its own.', second);
  tokens.forEach((token, i) => {
    const name = identifierOf(token);
    const calls = tokens[i + 1]?.text === '(';
    if (name !== null && calls && READERS.test(name))
      forbid(
        `\`${name}\` is not available: SQL reads declared sources only.`,
        sourceHint(tokens[i + 2]),
        token,
      );
    if ((name === 'from' || name === 'join') && tokens[i + 1]?.kind === 'string')
      forbid('SQL cannot read a file by its path.', sourceHint(tokens[i + 1]), tokens[i + 1] ?? token);
  });
  return findings;
}

function sourceHint(argument: SqlToken | undefined): string {
  const path = argument?.kind === 'string' ? argument.text.slice(1, -1) : 'data/events.parquet';
  return `Declare a source cell with \`files: ${shorten(path)}\` and write its name instead.`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
