import { isDefinitionKind, type DefinitionKind, type DefinitionOf } from '../catalog/schemas';
import { validateDefinition, type SchemaIssue } from '../catalog/validate';
import type { CellBlock } from './document';
import { canonical, hash } from './fingerprint';
import { sqlFindings, sqlNames, type SqlFinding, type SqlName } from './sql-names';
import { normalSql, sqlTokens } from './sql-tokens';
import { parseYaml, type YamlBody } from './yaml-body';

/** SQL of a cell, read once: what it mentions and what it must not do. */
export interface SqlText {
  text: string;
  empty: boolean;
  names: SqlName[];
  findings: SqlFinding[];
}

/** What one cell's body says on its own, before names are resolved. */
export interface CellDefinition {
  kind: string;
  /** null for SQL cells and unknown kinds. */
  yaml: YamlBody | null;
  /** The definition as its schema reads it; null when it does not fit. */
  value: unknown;
  issues: SchemaIssue[];
  /** The SQL of a query cell, or the spine of a training set. */
  sql: SqlText | null;
  /** Stands for the definition without comments and layout. */
  fingerprint: string;
}

const cache = new Map<string, CellDefinition>();
const CACHED = 1000;

/** Reads a cell's body; the same kind and body are read once only. */
export function readDefinition(cell: CellBlock): CellDefinition {
  const key = `${cell.kind}\n${cell.body}`;
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const definition = read(cell.kind, cell.body);
  cache.set(key, definition);
  if (cache.size > CACHED) cache.delete(cache.keys().next().value ?? key);
  return definition;
}

/** The definition of a cell of a certain kind; null when it does not fit its schema. */
export function valueOf<K extends DefinitionKind>(
  definition: CellDefinition,
  kind: K,
): DefinitionOf<K> | null {
  return definition.kind === kind ? (definition.value as DefinitionOf<K> | null) : null;
}

function read(kind: string, body: string): CellDefinition {
  if (kind === 'query') {
    const sql = readSql(body);
    const fingerprint = hash(`query\n${normalSql(sqlTokens(body))}`);
    return { kind, yaml: null, value: null, issues: [], sql, fingerprint };
  }
  if (!isDefinitionKind(kind))
    return { kind, yaml: null, value: null, issues: [], sql: null, fingerprint: hash(`${kind}\n${body}`) };
  const yaml = parseYaml(body);
  if (yaml.problems.length > 0)
    return { kind, yaml, value: null, issues: [], sql: null, fingerprint: hash(`${kind}\n${body}`) };
  const { value, issues } = validateDefinition(kind, yaml.data ?? {});
  const fingerprint = hash(`${kind}\n${canonical(kind, yaml.data)}`);
  const definition: CellDefinition = { kind, yaml, value, issues, sql: null, fingerprint };
  const set = valueOf(definition, 'training-set');
  return set === null ? definition : { ...definition, sql: readSql(set.spine.sql) };
}

function readSql(text: string): SqlText {
  const tokens = sqlTokens(text);
  const empty = tokens.every((token) => token.text === ';');
  return { text, empty, names: sqlNames(tokens), findings: sqlFindings(tokens) };
}
