import { z } from 'zod';
import { duration, flag, instant, name, share, text, textOrList } from './parts';

export const driftSchema = z
  .strictObject({
    training_set: name('a training set').describe(
      'Whose features are watched; its rows are the ones looked at, unless `source` says otherwise.',
    ),
    source: name('a source')
      .optional()
      .describe('Rows that hold the features under their names, such as a serving log, in place of the set.'),
    timestamp: text().optional().describe('The time column of the source, where it has another name.'),
    every: duration().describe('How long a window is, such as `1d`. Windows begin at whole multiples, UTC.'),
    reference: z
      .strictObject(
        {
          start: instant().describe('The first instant of the reference.'),
          end: instant().describe('The instant before which it ends.'),
        },
        { error: 'must be `{ start: 2025-03-01T00:00:00Z, end: 2025-03-05T00:00:00Z }`' },
      )
      .optional()
      .describe('What the windows are compared with; the first quarter of them unless said.'),
    features: textOrList('must be a feature of the set, or a list of them')
      .optional()
      .describe('Features of the set, as `view:feature` or by their columns; all of them unless said.'),
    psi: z
      .number({ error: 'must be a number' })
      .min(0, { error: 'must not be negative' })
      .optional()
      .describe(
        'Above this population stability index a window raises an alarm. 0.25 unless said; 0.1 is a notice.',
      ),
    ks: share('Above this Kolmogorov-Smirnov distance a window raises an alarm.'),
    null_rate: share('Above this share of NULL a window raises an alarm.'),
    default_rate: share('Above this share of the default value a window raises an alarm.'),
    fail: flag().optional().describe('Whether an alarm fails the cell, so that `plumbline run` ends with 1.'),
  })
  .describe(
    'Watches features over windows of time: distribution, NULL and default rates against a reference, freshness.',
  )
  .meta({
    defaultSnippets: [{ label: 'drift', body: { training_set: '${1:train}', every: '${2:1d}' } }],
  });

export type DriftDefinition = z.output<typeof driftSchema>;
