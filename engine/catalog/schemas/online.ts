import { z } from 'zod';
import { hints } from './hints';
import { duration, endInstant, featureRefs, flag, instant, name, text, viewList } from './parts';

const redis = () =>
  name('a Redis connection').describe(
    'A Redis connection of your own profile; address and password stay there.',
  );

export const materializeSchema = z
  .strictObject({
    views: viewList('The views whose values are written.'),
    end: endInstant().describe('The time of the snapshot, or `max` for the latest event of each source.'),
    start: instant().optional().describe('Only rows from this time on.'),
    incremental: flag().optional().describe('Begin where the last verified write of each view ended.'),
    replace: z
      .enum(['newer', 'equal'], { error: 'must be newer or equal' })
      .register(hints, {
        hint: 'Leave it out to write newer values only, or write `equal` for corrected ones of the same event time too.',
      })
      .optional()
      .describe(
        'What is stored gives way to newer values, or with `equal` to corrected ones of the same event time too.',
      ),
    expire: duration()
      .register(hints, { hint: 'Leave it out to keep what is written.' })
      .optional()
      .describe('How long a written hash lives after its last write. It is one for all views of an entity.'),
    redis: redis(),
    project: text().describe('The Feast project, part of every key.'),
  })
  .describe('Writes a snapshot of feature values to Redis, in Feast’s format.')
  .meta({
    defaultSnippets: [
      {
        label: 'materialize',
        body: {
          views: ['${1:user_engagement}'],
          end: '${2:max}',
          redis: '${3:dev}',
          project: '${4:project}',
        },
      },
    ],
  });

export const lookupSchema = z
  .strictObject({
    redis: redis(),
    project: text()
      .optional()
      .describe('The Feast project; without it, that of the one materialize cell of the same Redis.'),
    entities: z
      .array(
        z.record(
          z.string(),
          z.union([z.string(), z.number(), z.bigint()], { error: 'must be a text or a number' }),
          { error: 'must be a mapping of join keys, for instance `{ user_id: 42 }`' },
        ),
        { error: 'must be a list such as `[{ user_id: 42 }]`' },
      )
      .min(1, { error: 'must name at least one entity' })
      .describe('Whose values to read, each as its join keys.'),
    features: featureRefs().describe('The features to read, each as `view:feature`.'),
    calls: z
      .int({ error: 'must be a whole number from 1 to 1000' })
      .min(1, { error: 'must be a whole number from 1 to 1000' })
      .max(1000, { error: 'must be a whole number from 1 to 1000' })
      .optional()
      .describe('How often the lookup is timed, all entities at once. 200 unless said otherwise.'),
    budget_ms: z
      .number({ error: 'must be a number of milliseconds above 0' })
      .positive({ error: 'must be a number of milliseconds above 0' })
      .optional()
      .describe(
        'What a lookup may take, in milliseconds; its p99 is held against it. 15 unless said otherwise.',
      ),
  })
  .describe('Reads feature values back from Redis, as serving would.')
  .meta({
    defaultSnippets: [
      {
        label: 'lookup',
        body: {
          redis: '${1:dev}',
          entities: [{ '${2:user_id}': '${3:42}' }],
          features: ['${4:view:feature}'],
        },
      },
    ],
  });

export type MaterializeDefinition = z.output<typeof materializeSchema>;
export type LookupDefinition = z.output<typeof lookupSchema>;
