import { z } from 'zod';
import { featureSchema } from './feature';
import { constant, description, duration, flag, name, text, textOrList } from './parts';

export const viewSchema = z
  .strictObject({
    entity: textOrList('must be the name of an entity, or a list of them')
      .optional()
      .describe('What the features are about: an entity cell, or a list of several.'),
    source: name('a source').optional().describe('The source cell whose rows give the values.'),
    created_timestamp: text()
      .optional()
      .describe(
        'The column that says when a row was written; of rows with the same event time the newest counts.',
      ),
    ttl: duration()
      .optional()
      .describe(
        'How old a value may be. In a view of windows it limits the age of a stored value only. `0s` is unlimited.',
      ),
    valid_from: text()
      .optional()
      .describe('Slowly changing dimension: the column where a row begins to hold.'),
    valid_to: text().optional().describe('Slowly changing dimension: the column where a row ceases to hold.'),
    on_demand: flag().optional().describe('Computed from other features after the join.'),
    stream: name('a source').optional().describe('The log of events in order of arrival.'),
    version: z
      .int({ error: 'must be a whole number from 1' })
      .min(1, { error: 'must be a whole number from 1' })
      .optional()
      .describe(
        'Of the definition. The online store keeps the view as `name_vN` then, beside the values of other versions.',
      ),
    description: description(),
    tags: z
      .record(z.string(), constant(), { error: 'must be a mapping of texts' })
      .optional()
      .describe('Free words about the view, such as its owner. They change no value.'),
    features: z
      .record(z.string(), featureSchema, { error: 'must be a mapping of feature names' })
      .describe('The features by name.'),
  })
  .describe(
    'Features of an entity: columns that were computed elsewhere, or aggregations over windows of events.',
  )
  .meta({
    defaultSnippets: [
      {
        label: 'view over events',
        body: {
          entity: '${1:user}',
          source: '${2:interactions}',
          features: { '${3:user_7d_events}': { type: 'int64', window: '${4:7d}', count: '*', default: 0 } },
        },
      },
      {
        label: 'view of a feature table',
        body: {
          entity: '${1:user}',
          source: '${2:user_daily}',
          ttl: '${3:2d}',
          features: { '${4:tier}': { type: 'string', column: '${5:tier}' } },
        },
      },
    ],
  });

export type ViewDefinition = z.output<typeof viewSchema>;
