import { sqlNames } from './sql-names';
import { identifierOf, sqlTokens, type SqlToken } from './sql-tokens';

const LEADS = new Set(['from', 'join', 'pivot', 'unpivot', 'summarize', 'describe', 'table']);

/** A stretch of SQL that holds a relation's name. */
export interface NamePlace {
  start: number;
  end: number;
  quoted: boolean;
}

/**
 * Every place where SQL surely means the relation `name`: after FROM or JOIN, and before the dot of a column. None
 * when the SQL gives that name to something of its own.
 */
export function namePlaces(sql: string, name: string): NamePlace[] {
  const tokens = sqlTokens(sql);
  if (!sqlNames(tokens).some((found) => found.name === name)) return [];
  const at = tokens.flatMap((token, i) => (identifierOf(token) === name ? [i] : []));
  const own = at.some((i) => namesTable(tokens, i));
  return at.flatMap((i) => {
    const token = tokens[i]!;
    const before = tokens[i - 1];
    const qualified = before?.text === '.' && identifierOf(tokens[i - 2]) === 'main';
    if (before?.text === '.' && !qualified) return [];
    const lead = identifierOf(qualified ? tokens[i - 3] : before) ?? '';
    // With an alias of that name, what stands before a dot is the alias.
    const relation = LEADS.has(lead) || (tokens[i + 1]?.text === '.' && !own);
    return relation ? [{ start: token.start, end: token.end, quoted: token.kind === 'quoted' }] : [];
  });
}

/** `FROM other AS name`, `FROM other name` or `FROM (...) name`: the word names a table anew. */
function namesTable(tokens: readonly SqlToken[], i: number): boolean {
  const last = identifierOf(tokens[i - 1]) === 'as' ? i - 2 : i - 1;
  if (tokens[last]?.text === ')') return isSubquery(tokens, last);
  const before = identifierOf(tokens[last]);
  if (before === null || LEADS.has(before)) return false;
  return LEADS.has(identifierOf(tokens[last - 1]) ?? '');
}

/** Whether the bracket that ends here was opened after FROM, JOIN or a comma, and not by a call. */
function isSubquery(tokens: readonly SqlToken[], end: number): boolean {
  let depth = 0;
  for (let i = end; i >= 0; i--) {
    if (tokens[i]?.text === ')') depth++;
    if (tokens[i]?.text === '(' && --depth === 0) {
      const lead = tokens[i - 1];
      return lead?.text === ',' || LEADS.has(identifierOf(lead) ?? '');
    }
  }
  return false;
}
