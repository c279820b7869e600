import { z } from 'zod';
import { FEATURE_TYPES } from '../feature-type';
import type { FeatureType } from '../model';
import { BOUNDARIES } from '../window';
import { constant, description, duration, expression, flag, name, text } from './parts';

const lastN = z.strictObject(
  {
    of: expression().describe('What to collect, newest last; NULLs are kept.'),
    n: z
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .describe('How many.'),
  },
  { error: 'must be `{ of: <expression>, n: <how many> }`' },
);

const quantile = z.strictObject(
  {
    of: expression().describe('Of which values.'),
    q: z
      .number({ error: 'must be a number from 0 to 1' })
      .min(0, { error: 'must be a number from 0 to 1' })
      .max(1, { error: 'must be a number from 0 to 1' })
      .describe('Which quantile, from 0 to 1; 0.5 is the median.'),
  },
  { error: 'must be `{ of: <expression>, q: <0 to 1> }`' },
);

const aggregations = {
  count: expression()
    .optional()
    .describe('How many events: `"*"`, or those where the expression is not NULL. 0 over nothing.'),
  count_distinct: expression().optional().describe('How many different values. 0 over nothing.'),
  approx_count_distinct: expression().optional().describe('About how many different values, by a sketch.'),
  sum: expression().optional().describe('The sum; NULL over nothing.'),
  avg: expression().optional().describe('The mean; NULL over nothing.'),
  min: expression().optional().describe('The least value; NULL over nothing.'),
  max: expression().optional().describe('The greatest value; NULL over nothing.'),
  stddev: expression().optional().describe('The sample standard deviation.'),
  variance: expression().optional().describe('The sample variance.'),
  first: expression().optional().describe('The value of the earliest event.'),
  last: expression().optional().describe('The value of the latest event; NULL where that one is NULL.'),
  last_n: lastN.optional().describe('The values of the latest events, as a list.'),
  quantile: quantile.optional().describe('A quantile of the values.'),
  mode: expression().optional().describe('The most frequent value; of equally frequent ones the least.'),
  entropy: expression().optional().describe('The entropy of the values, in bits.'),
};

export const AGGREGATION_KEYS = Object.keys(aggregations) as (keyof typeof aggregations)[];

const where = () =>
  expression().optional().describe('An SQL predicate: only events where it is true are looked at.');

const side = (what: string) =>
  z
    .strictObject(
      { ...aggregations, where: where() },
      { error: 'must be an aggregation such as `{ count: "*" }`' },
    )
    .describe(what);

export const DEFAULT_WORDS = ['none', 'zero', 'global_mean'] as const;

const defaultPolicy = z.union(
  [
    constant(),
    z.strictObject({ constant: constant().describe('This very value, even if it reads like a policy.') }),
    z.strictObject({ category_mean: name('a feature').describe('The mean over rows of the same category.') }),
  ],
  {
    error: 'must be a value, `none`, `zero`, `global_mean`, `{ constant: ... }` or `{ category_mean: ... }`',
  },
);

export const featureSchema = z
  .strictObject(
    {
      type: z
        .enum(FEATURE_TYPES as [FeatureType, ...FeatureType[]], {
          error:
            'must be int32, int64, float32, float64, bool, string, bytes, timestamp or a list such as string[]',
        })
        .describe('The type of the value. Values are cast to it at the end.'),
      column: text()
        .optional()
        .describe(
          'The source column of a feature that was computed elsewhere; without it, the column of the same name.',
        ),
      window: duration()
        .optional()
        .describe('How far back events count: `[t - window, t)`. For instance `7d`.'),
      boundary: z
        .enum(BOUNDARIES, { error: `must be one of ${BOUNDARIES.join(', ')}` })
        .optional()
        .describe(
          'Which edges of the window belong to it; `half-open` is the default: the lower edge only. `sawtooth` rounds the lower edge down, `calendar-day` takes whole UTC days.',
        ),
      session: duration()
        .optional()
        .describe(
          'Of the window only the session that is open at its end: the events back to the first gap of this length or more. For instance `30m`.',
        ),
      offset: duration().optional().describe('Shifts both edges of the window back by this much.'),
      ...aggregations,
      ratio: z
        .strictObject(
          { of: side('The numerator.'), over: side('The denominator; NULL results where it is 0.') },
          {
            error: 'must be `{ of: ..., over: ... }`',
          },
        )
        .optional()
        .describe('One aggregation divided by another, as float64.'),
      expression: expression()
        .optional()
        .describe(
          'One SQL aggregate expression over the columns of the events, for instance `sum(a) / count(*)`.',
        ),
      where: where(),
      default: defaultPolicy
        .optional()
        .describe(
          'What stands in for a value that is NULL: a constant, `none` (the default), `zero`, `global_mean`.',
        ),
      missing_indicator: flag().optional().describe('Adds a column `<feature>__missing`.'),
      description: description(),
    },
    { error: 'must be a mapping with at least `type`' },
  )
  .meta({
    defaultSnippets: [
      {
        label: 'count in a window',
        body: { type: 'int64', window: '${1:7d}', count: '*', where: '${2:true}', default: 0 },
      },
      { label: 'average in a window', body: { type: 'float64', window: '${1:7d}', avg: '${2:column}' } },
      {
        label: 'ratio in a window',
        body: {
          type: 'float64',
          window: '${1:7d}',
          ratio: { of: { count: '*', where: '${2:true}' }, over: { count: '*' } },
          default: 0,
        },
      },
      { label: 'column', body: { type: '${1|float64,int64,string,bool|}', column: '${2:column}' } },
    ],
  });

export type FeatureInput = z.output<typeof featureSchema>;
export type AggregationInput = z.output<ReturnType<typeof side>>;
