import { z } from 'zod';
import { SCALAR_TYPES } from '../model';
import { description } from './parts';

const types = SCALAR_TYPES.join(', ');

export const entitySchema = z
  .strictObject({
    join_keys: z
      .record(z.string(), z.enum(SCALAR_TYPES, { error: `must be one of ${types}` }), {
        error: 'must name at least one column and its type, for instance `{ user_id: int64 }`',
      })
      .describe('The columns that identify one entity, each with its type: `{ user_id: int64 }`.'),
    description: description(),
  })
  .describe('What features are about: a user, an item.')
  .meta({
    defaultSnippets: [
      {
        label: 'entity',
        description: 'One join key',
        body: { join_keys: { '${1:user_id}': '${2|int64,int32,string|}' } },
      },
    ],
  });

export type EntityDefinition = z.output<typeof entitySchema>;
