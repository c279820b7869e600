import { PlumblineError } from '../errors';
import { batchSlice, type PlanBatch } from './plan';
import type { RedisCommand } from './redis-commands';
import type { RedisLink } from './redis-link';
import { RowReply, type RowQuery } from './row-reply';

/** Rows of one batch that the store now holds. */
export interface Written {
  batch: PlanBatch;
  rows: number[];
  /** Whether nothing of the view was stored under any of them before: the fields stand in the order in which they were set. */
  fresh: boolean;
}

/** Reads rows of one view back, in the cheapest way that the hashes allow. */
export class ViewReader {
  private readonly row: RowReply;
  /** Whether the first hash held nothing but the view's fields; null = not looked yet. */
  private alone: Promise<boolean> | null = null;
  /** Whether most hashes of a batch were found to hold more. */
  private shared = false;

  constructor(
    private readonly link: RedisLink,
    private readonly fields: readonly Uint8Array[],
  ) {
    this.row = new RowReply(fields);
  }

  /** Rows that the store does not hold as they were planned. Errors: redis.*, `engine.cancelled`. */
  async differing({ batch, rows, fresh }: Written): Promise<number[]> {
    const [first] = rows;
    if (first === undefined) return [];
    let left: readonly number[] = rows;
    if ((await (this.alone ??= this.isAlone(batch, first))) && !this.shared) {
      const named = fresh ? [first] : rows;
      // both at once: a reading that waits for another one falls behind the writing
      const found = await Promise.all([
        this.others('HGETALL', batch, named),
        this.others('HVALS', batch, rows.slice(named.length)),
      ]);
      left = found.flat();
      this.shared ||= left.length > rows.length / 2;
    }
    return this.others('HMGET', batch, left);
  }

  /**
   * Looks whether one row's hash holds this view alone: all of a hash costs the server less than fields by name, unless other
   * views share it, or it is so large that its order is none. A user may also lack the right.
   */
  private async isAlone(batch: PlanBatch, row: number): Promise<boolean> {
    try {
      const found = await Promise.all(
        (['HGETALL', 'HVALS'] as const).map((query) => this.others(query, batch, [row])),
      );
      return found.every(({ length }) => length === 0);
    } catch (thrown) {
      if (thrown instanceof PlumblineError && thrown.code === 'redis.needs_user') return false;
      throw thrown;
    }
  }

  /** Rows whose reply is another one. */
  private async others(query: RowQuery, batch: PlanBatch, rows: readonly number[]): Promise<number[]> {
    if (rows.length === 0) return [];
    const fields = query === 'HMGET' ? this.fields : [];
    const replies = await this.link.sendForBytes(
      rows.map((row): RedisCommand => [query, batchSlice(batch, row, 0), ...fields]),
    );
    return rows.filter((row, i) => {
      const reply = replies[i];
      return !(reply instanceof Uint8Array && this.row.is(reply, query, batch, row));
    });
  }
}
