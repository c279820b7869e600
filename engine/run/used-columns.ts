import type { Catalog, FeatureView } from '../catalog/model';
import { identifierOf, sqlTokens, type SqlToken } from '../notebook/sql-tokens';

/** Per source: lower-case names of the columns that the notebook reads; null = it may read any of them. */
export type UsedColumns = ReadonlyMap<string, ReadonlySet<string> | null>;

/**
 * What each source is read for. Errs on the side of more: every word of a definition or statement counts as a column
 * name, and a reader whose needs cannot be told from its text (a star, a chart, a skew check) needs everything.
 */
export function usedColumns(
  catalog: Catalog,
  dependencies: ReadonlyMap<string, readonly string[]>,
): UsedColumns {
  const used = new Map<string, Set<string> | null>();
  for (const source of catalog.sources.values()) used.set(source.name, words(source));
  for (const [cell, needs] of dependencies)
    for (const name of needs) {
      const before = used.get(name);
      if (before === undefined || before === null) continue;
      const more = usedBy(catalog, cell, name);
      if (more === null) used.set(name, null);
      else for (const column of more) before.add(column);
    }
  return used;
}

function usedBy(catalog: Catalog, cell: string, source: string): Set<string> | null {
  const view = catalog.views.get(cell);
  if (view) return viewColumns(catalog, view);
  const sql = catalog.queries.get(cell)?.sql ?? catalog.trainingSets.get(cell)?.spineSql;
  if (sql === undefined) return null;
  const tokens = sqlTokens(sql);
  return readsAll(tokens, source.toLowerCase()) ? null : wordsOf(tokens);
}

/** Lower-case names of the columns that a view may read of its source. */
export function viewColumns(catalog: Catalog, view: FeatureView): Set<string> {
  return words([view, view.entities.map((entity) => catalog.entities.get(entity))]);
}

/** Every text in a definition, whole and word by word. */
function words(definition: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      found.add(value.toLowerCase());
      for (const word of wordsOf(sqlTokens(value))) found.add(word);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(definition);
  return found;
}

function wordsOf(tokens: readonly SqlToken[]): Set<string> {
  return new Set(tokens.map(identifierOf).filter((word) => word !== null));
}

/** Words with which a statement reads columns that it does not name. */
const READS_UNNAMED = /^(natural|pivot|unpivot|describe|summarize|show|table|columns|positional|unpack)$/;

/** Whether SQL may read columns of a relation without naming them; true where the words alone do not tell. */
function readsAll(tokens: readonly SqlToken[], relation: string): boolean {
  const count = (word: string): number => tokens.filter((token) => identifierOf(token) === word).length;
  // A FROM that no SELECT goes with gives every column.
  if (count('from') > count('select')) return true;
  return tokens.some((token, at) => {
    if (token.text === '*') return isStar(tokens, at);
    const word = identifierOf(token);
    if (token.kind === 'word' && READS_UNNAMED.test(word ?? '')) return true;
    return word === relation && mayGiveRow(tokens, at);
  });
}

/** Not the multiplication sign, nor the star of count(*). */
function isStar(tokens: readonly SqlToken[], at: number): boolean {
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  if (before?.text === '(' && after?.text === ')') return identifierOf(tokens[at - 2]) !== 'count';
  if (before?.kind === 'word') return /^(select|distinct|all|by)$/i.test(before.text);
  return !(before?.kind === 'number' || before?.kind === 'quoted' || before?.text === ')');
}

/** Whether a mention of the relation, or the alias that it gives, may stand for its whole row as a struct. */
function mayGiveRow(tokens: readonly SqlToken[], at: number): boolean {
  if (tokens[at + 1]?.text === '.') return false;
  const lead = identifierOf(tokens[at - 1]?.text === '.' ? tokens[at - 3] : tokens[at - 1]);
  if (lead !== 'from' && lead !== 'join') return true;
  const aliasAt = identifierOf(tokens[at + 1]) === 'as' ? at + 2 : at + 1;
  const alias = identifierOf(tokens[aliasAt]);
  if (alias === null || CLAUSES.test(alias)) return false;
  // `FROM x AS e(a, b)` gives the columns other names, by position.
  if (tokens[aliasAt + 1]?.text === '(') return true;
  return tokens.some(
    (token, index) => index !== aliasAt && identifierOf(token) === alias && tokens[index + 1]?.text !== '.',
  );
}

const CLAUSES =
  /^(where|join|inner|left|right|full|cross|asof|semi|anti|on|using|group|order|having|limit|union|intersect|except|window|qualify|offset|tablesample)$/;
