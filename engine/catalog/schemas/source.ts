import { z } from 'zod';
import { description, text, textOrList } from './parts';

export const sourceSchema = z
  .strictObject({
    files: textOrList('must be a path, a glob or a list of them').describe(
      'Parquet, CSV or JSON files: a path, a glob such as `data/events/*.parquet`, or a list. Relative to the folder of the notebook; the order of files is the order of rows.',
    ),
    timestamp: text()
      .optional()
      .describe('The column that says when a row happened. Left out for a lookup table without time.'),
    available_at: text()
      .optional()
      .describe('The column that says when a row could first be known; left out, that is when it happened.'),
    description: description(),
  })
  .describe('Data files that are read as one relation.')
  .meta({
    defaultSnippets: [
      {
        label: 'source',
        description: 'Files with an event time',
        body: { files: '${1:data/events.parquet}', timestamp: '${2:event_timestamp}' },
      },
    ],
  });

export type SourceDefinition = z.output<typeof sourceSchema>;
