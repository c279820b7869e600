import { z } from 'zod';
import type { InspectResult } from '../engine/online/inspection';
import type { DifferenceResult } from '../engine/online/view-difference';

/** Messages about what a Redis holds. Results are made by main's own process, so that their types stand in the engine. */

const texts = z.record(z.string().max(1_000), z.string().max(10_000));
/** Keys of a database. */
const keys = z.number().int().min(1).max(10_000_000);

export const inspectSchemas = (name: z.ZodType<string>, view: z.ZodType) => ({
  inspect: z.object({
    redis: name,
    project: z.string().min(1).max(200).nullable(),
    views: z.array(view).max(10_000),
    entity: texts,
    limit: keys,
    shown: z.number().int().min(0).max(10_000),
  }),
  difference: z.object({ redis: name, project: z.string().min(1).max(200), view, limit: keys }),
});

export const inspectResult = z.custom<InspectResult>();
export const differenceResult = z.custom<DifferenceResult>();
