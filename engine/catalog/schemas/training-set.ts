import { z } from 'zod';
import { compression, featureRefs, text } from './parts';

export const trainingSetSchema = z
  .strictObject({
    spine: z
      .strictObject(
        { sql: text().describe('A SELECT of the rows to train on: entity keys, event time, label.') },
        { error: 'must be `{ sql: SELECT ... }`' },
      )
      .describe('The rows of the training set; each one stays exactly once, in order.'),
    timestamp: text().describe('The column of the spine that holds the event time.'),
    label: text().optional().describe('The column of the spine that is to be predicted.'),
    features: featureRefs().describe('The features to join, each as `view:feature`.'),
    export: z
      .strictObject(
        {
          file: text().describe('Where the Parquet file goes, relative to the folder of the notebook.'),
          compression: compression(),
        },
        { error: 'must be `{ file: out/train.parquet }`' },
      )
      .optional()
      .describe('Writes the whole training set to a Parquet file, with a manifest beside it.'),
  })
  .describe('Rows to train on, with the feature values that were known at each row’s time.')
  .meta({
    defaultSnippets: [
      {
        label: 'training set',
        body: 'spine:\n  sql: |\n    SELECT ${1:user_id}, ${2:event_timestamp}, ${3:label}\n    FROM ${4:starts}\ntimestamp: ${2:event_timestamp}\nlabel: ${3:label}\nfeatures:\n  - ${5:view:feature}\n',
      },
    ],
  });

export type TrainingSetDefinition = z.output<typeof trainingSetSchema>;
