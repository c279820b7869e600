import { PlumblineError } from '../errors';
import { batchSlice, type MaterializationPlan, type PlanBatch } from './plan';
import type { RedisCommand, RedisValue } from './redis-commands';
import type { RedisLink } from './redis-link';

/** What a hash holds of one view: event time, then features, each null where the hash has no such field. */
export type StoredRow = (Uint8Array | null)[];

/** A reply of HMGET as bytes per field. */
export function storedRow(reply: RedisValue | undefined): StoredRow {
  if (!Array.isArray(reply))
    throw new PlumblineError('redis.refused', 'Redis gave an answer to HMGET that is no list.', {
      hint: 'Is this a Redis server? Check host and port of the connection.',
    });
  return reply.map((value) => (value instanceof Uint8Array ? value : null));
}

/** Reads the view's fields of the chosen rows of a batch (all when absent), in one pipeline. */
export async function readStored(
  link: RedisLink,
  plan: MaterializationPlan,
  batch: PlanBatch,
  rows: readonly number[] = Array.from({ length: batch.rows }, (_, row) => row),
): Promise<StoredRow[]> {
  if (rows.length === 0) return [];
  const fields = plan.views[batch.view]?.fields ?? [];
  const commands = rows.map((row): RedisCommand => ['HMGET', batchSlice(batch, row, 0), ...fields]);
  const { values } = await link.send(commands);
  return values.map(storedRow);
}
