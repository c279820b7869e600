import { z } from 'zod';
import { name, text, tolerance } from './parts';

export const auditSchema = z
  .strictObject({
    file: text().describe(
      'The training file that someone made: Parquet, CSV or JSON, relative to the folder of the notebook.',
    ),
    training_set: name('a training set').describe('The set whose features the file is held against.'),
    columns: z
      .record(z.string(), z.string({ error: 'must be a text `view:feature`' }), {
        error: 'must be a mapping such as `{ rate_7d: user_engagement:user_7d_rate }`',
      })
      .optional()
      .describe('Columns of the file whose name is not that of their feature, each with its `view:feature`.'),
    timestamp: text()
      .optional()
      .describe('The column of the file with the event time, where it has another name than in the set.'),
    keys: z
      .record(z.string(), text(), { error: 'must be a mapping such as `{ user_id: uid }`' })
      .optional()
      .describe('Join keys that have another name in the file, each with its column there.'),
    tolerance: tolerance(),
    limit: z
      .number({ error: 'must be a number of percent' })
      .min(0, { error: 'must be from 0 to 100 percent' })
      .max(100, { error: 'must be from 0 to 100 percent' })
      .optional()
      .describe(
        'The cell fails when more percent of the rows than this are not right. 0 unless said otherwise.',
      ),
  })
  .describe(
    'Holds a training file that someone made elsewhere against the definitions: right, from the future, stale, wrong.',
  )
  .meta({
    defaultSnippets: [
      { label: 'audit', body: { file: '${1:data/train.parquet}', training_set: '${2:train}' } },
    ],
  });

export type AuditDefinition = z.output<typeof auditSchema>;
