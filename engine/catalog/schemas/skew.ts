import { z } from 'zod';
import { name, tolerance } from './parts';

export const skewSchema = z
  .strictObject({
    training_set: name('a training set').describe('The values that training saw.'),
    serving: z
      .strictObject(
        {
          source: name('a source').optional().describe('A source with the values that production served.'),
          redis: name('a Redis connection').optional().describe('The values that a Redis holds now.'),
          view: name('a view').optional().describe('Another definition of the same features.'),
          stream: name('a source').optional().describe('The values that replaying a log gives.'),
        },
        { error: 'must be `{ source: <name> }`' },
      )
      .describe('The values that serving saw.'),
    tolerance: tolerance(),
  })
  .describe('Compares what training saw with what serving saw, row by row.')
  .meta({
    defaultSnippets: [
      { label: 'skew', body: { training_set: '${1:train}', serving: { source: '${2:serving_log}' } } },
    ],
  });

export type SkewDefinition = z.output<typeof skewSchema>;
