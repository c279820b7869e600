import type { JSONSchema } from 'monaco-yaml';
import { CELL_KINDS } from '../../engine/notebook/document';
import { jsonSchemaOf } from '../../engine/catalog/json-schema';

/** The JSON schema of every YAML cell kind; the same schemas with which the engine checks cells. */
export function jsonSchemas(): ReadonlyMap<string, JSONSchema> {
  const kinds = CELL_KINDS.filter((kind) => kind !== 'query');
  return new Map(kinds.map((kind) => [kind, jsonSchemaOf(kind) as JSONSchema]));
}
