import { PlumblineError } from '../errors';

/** An identifier as DuckDB reads it back unchanged, always quoted. NUL cannot be part of a name: `sql.forbidden`. */
export function quote(identifier: string): string {
  if (identifier.includes('\0'))
    throw new PlumblineError('sql.forbidden', 'a name holds a NUL character', { hint: 'Rename it.' });
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** `"alias"."column"`. */
export function column(alias: string, name: string): string {
  return `${quote(alias)}.${quote(name)}`;
}

/** A schema-qualified relation. */
export function relation(at: { schema: string; name: string }): string {
  return `${quote(at.schema)}.${quote(at.name)}`;
}
