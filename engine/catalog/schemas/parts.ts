import { z } from 'zod';
import { DURATION_PATTERN } from '../duration';
import { parseInstant } from '../instant';
import { isName } from '../names';

// Schemas run where the content security policy forbids code made from strings: zod must not even try.
z.config({ jitless: true });

/** Error texts follow the key's name: `ttl` "must be ...". */
export const text = () => z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' });

export const name = (what: string) =>
  z.string({ error: `must be the name of ${what}` }).refine(isName, { error: `must be the name of ${what}` });

export const duration = () =>
  z
    .string({ error: 'must be a duration such as 90s, 15m, 1h, 7d or 4w' })
    .regex(DURATION_PATTERN, { error: 'must be a duration such as 90s, 15m, 1h, 7d or 4w' });

export const instant = () =>
  z
    .string({ error: 'must be a time such as 2025-03-16T00:00:00Z' })
    .refine((value) => parseInstant(value) !== null, {
      error: 'must be a time such as 2025-03-16T00:00:00Z',
    });

/** A scalar SQL expression; a bare number, true or false is one. */
export const expression = () =>
  z.union([text(), z.number(), z.boolean()], { error: 'must be an SQL expression' }).transform(String);

export const flag = () => z.boolean({ error: 'must be true or false' });

/** One text, or a list of them; always read as a list. */
export const textOrList = (error: string) =>
  z.union([text(), z.array(text()).min(1)], { error }).transform((value) => [value].flat());

/** The views that a cell writes; `what` says what for. */
export const viewList = (what: string) =>
  z
    .array(name('a view'), { error: 'must be a list of views' })
    .min(1, { error: 'must name at least one view' })
    .describe(what);

export const share = (what: string) =>
  z
    .number({ error: 'must be a share from 0 to 1' })
    .min(0, { error: 'must be a share from 0 to 1' })
    .max(1, { error: 'must be a share from 0 to 1' })
    .optional()
    .describe(what);

const COMPRESSIONS = ['zstd', 'snappy', 'gzip', 'none'] as const;

/** How a Parquet file that is written is compressed. */
export const compression = () =>
  z
    .enum(COMPRESSIONS, { error: `must be one of ${COMPRESSIONS.join(', ')}` })
    .optional()
    .describe('`zstd` unless said otherwise.');

/** The end of a stretch of time: an instant, or `max`. */
export const endInstant = () =>
  z.union([z.literal('max'), instant()], {
    error: 'must be a time such as 2025-03-16T00:00:00Z, or `max`',
  });

export const constant = () =>
  z.union([z.string(), z.number(), z.bigint(), z.boolean()], {
    error: 'must be a text, a number, true or false',
  });

export const description = () =>
  text().optional().describe('What it means, in words for people. It changes no value.');

export const featureRefs = (error = 'must be a list of `view:feature`') =>
  z.array(z.string({ error: 'must be a text `view:feature`' }), { error }).min(1, { error });

const bound = () => z.number({ error: 'must be a number' }).min(0, { error: 'must not be negative' });

export const tolerance = () =>
  z
    .strictObject(
      {
        absolute: bound().optional().describe('Numbers this near are equal. 0 unless said otherwise.'),
        relative: bound()
          .optional()
          .describe('Numbers this near, relative to the larger one, are equal. 1e-9 unless said otherwise.'),
      },
      { error: 'must be `{ absolute: ..., relative: ... }`' },
    )
    .optional()
    .describe('How far apart two numbers may be and still be called equal.');
