import { z } from 'zod';
import { SCHEMAS, type DefinitionKind } from './schemas';

/**
 * The JSON Schema (draft 7) of a kind of cell, for a YAML editor: descriptions for hovers, enums and
 * `defaultSnippets` for completion. Unknown keys are allowed: `validateDefinition` warns of them.
 */
export function jsonSchemaOf(kind: DefinitionKind): Record<string, unknown> {
  return z.toJSONSchema(SCHEMAS[kind], {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer';
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }) as Record<string, unknown>;
}
