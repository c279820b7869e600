import { z } from 'zod';
import { duration, endInstant, name } from './parts';

const speedError = 'must be a number above 0, or `max`';

export const replaySchema = z
  .strictObject({
    view: name('a view').describe('The view whose log is replayed: one with a `stream`.'),
    delay: duration()
      .optional()
      .describe(
        'How far the watermark stays behind the greatest event time seen; what happened before the watermark is dropped as late. `0s` unless said otherwise.',
      ),
    end: endInstant().describe(
      'When values are compared with the batch source: a time, or `max` for the end of the log.',
    ),
    speed: z
      .union([z.literal('max'), z.number({ error: speedError }).positive({ error: speedError })], {
        error: speedError,
      })
      .optional()
      .describe(
        'In the app: so many times as fast as the log was written, `max` (the default) as fast as possible.',
      ),
    sweep: z
      .array(duration(), { error: 'must be a list of durations' })
      .optional()
      .describe('Delays to hold against each other; `0s` to `1d` unless said otherwise, none for `[]`.'),
  })
  .describe(
    'Consumes the log of a stream view in order of arrival and compares the values with the batch source.',
  )
  .meta({
    defaultSnippets: [
      {
        label: 'replay',
        body: { view: '${1:user_engagement}', delay: '${2:15m}', end: '${3:max}' },
      },
    ],
  });

export type ReplayDefinition = z.output<typeof replaySchema>;
