import { z } from 'zod';
import { BOUNDARIES } from '../window';
import { duration, instant, name, share, text, textOrList, tolerance } from './parts';

/** One of `training_set source query redis view boundary stream`, and what that one takes besides. */
const side = (what: string) =>
  z
    .strictObject(
      {
        training_set: name('a training set')
          .optional()
          .describe('The rows of another training set, which gives features of the same names.'),
        source: name('a source').optional().describe('Logged values: a source that names the features.'),
        query: name('a query').optional().describe('The rows of a SQL cell.'),
        timestamp: text()
          .optional()
          .describe('The time column of the source or query, where it has another name.'),
        redis: name('a Redis connection').optional().describe('The values that a Redis answers.'),
        project: text()
          .optional()
          .describe('The project in that Redis; that of the materialize cell unless said.'),
        at: instant()
          .optional()
          .describe('When the Redis is asked, as it were; the newest time that it holds unless said.'),
        view: name('a view').optional().describe('Another definition: its features of the same names.'),
        boundary: z
          .enum(BOUNDARIES, { error: `must be one of ${BOUNDARIES.join(', ')}` })
          .optional()
          .describe('The same windows with another boundary.'),
        stream: name('a source')
          .optional()
          .describe('The log of a stream view: what a consumer of it knew at each time.'),
        delay: duration()
          .optional()
          .describe('How late a row of the log may be before it is dropped. `0s` unless said.'),
      },
      { error: 'must be `{ source: <name> }`' },
    )
    .describe(what);

export type WrittenSide = z.output<ReturnType<typeof side>>;

export const skewSchema = z
  .strictObject({
    training_set: name('a training set').describe(
      'Whose features, keys and times are compared; its rows are what training saw.',
    ),
    baseline: side('What to compare in place of the rows of the training set.').optional(),
    serving: side('The values that serving saw.'),
    within: duration()
      .optional()
      .describe(
        'How far apart in time two rows of the same keys may be. `0s` unless said: to the microsecond.',
      ),
    tolerance: tolerance(),
    segments: textOrList('must be a column, a duration such as 1d, or a list of them')
      .optional()
      .describe('Columns by which the numbers are told apart; a duration such as `1d` cuts along time.'),
    releases: z
      .record(z.string(), instant(), { error: 'must be a mapping such as `{ v2: 2025-03-10T00:00:00Z }`' })
      .optional()
      .describe('When a definition changed: marked in the charts along time.'),
    fail_if: z
      .strictObject(
        {
          mismatch_rate: share('Of the compared rows of a feature, the share that differs.'),
          psi: z
            .number({ error: 'must be a number' })
            .min(0, { error: 'must not be negative' })
            .optional()
            .describe('Population stability index of a feature: 0.1 asks for a look, 0.25 for an alarm.'),
          null_rate: share('Of the compared rows, the share that is NULL in serving.'),
          unmatched_rate: share('Of all rows of both sides, the share without a partner.'),
        },
        { error: 'must be `{ mismatch_rate: 0.01 }`' },
      )
      .optional()
      .describe('The cell fails when a feature is above one of these, and `plumbline run` ends with 1.'),
  })
  .describe(
    'Compares two ways of computing the same features, row by row, and names the cause of what differs.',
  )
  .meta({
    defaultSnippets: [
      { label: 'skew', body: { training_set: '${1:train}', serving: { source: '${2:serving_log}' } } },
    ],
  });

export type SkewDefinition = z.output<typeof skewSchema>;
