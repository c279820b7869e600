import { fromUtf8 } from './byte-writer';
import type { MaterializationPlan } from './plan';
import { spreadRows } from './read-back';
import type { RedisLink } from './redis-link';
import { ViewReader, type Written } from './view-reader';

/** Rows that are read a second time at the end, at even distances: a store that was emptied meanwhile shows. */
const LOOKED_AT_AGAIN = 1_000;

/**
 * Reads each batch back while the next one is written, so that the server has no pauses. It replaces the reading back
 * after the writing only where that would find the same: nothing differed, no connection broke (a server may have come back
 * without what it had acknowledged), and nothing was evicted.
 */
export class ReadingBeside {
  private readonly readers: ViewReader[];
  private readonly evictedBefore: Promise<number | null>;
  private last: Promise<void> = Promise.resolve();
  private begun = 0;
  private read = 0;
  private sound = true;

  /** To be made right before the first batch is sent. */
  constructor(
    plan: MaterializationPlan,
    private readonly link: RedisLink,
  ) {
    this.readers = plan.views.map(({ fields }) => new ViewReader(link, fields));
    this.evictedBefore = evictedKeys(link);
  }

  /** Begins with what has been written since the last call. */
  follow(written: readonly Written[]): void {
    const taking = written.slice(this.begun).map((item) => this.take(item));
    this.last = Promise.all([this.last, ...taking]).then(() => undefined);
    this.begun = written.length;
  }

  private async take(item: Written): Promise<void> {
    if (!this.sound) return;
    try {
      const differing = await this.readers[item.batch.view]!.differing(item);
      if (differing.length > 0) this.sound = false;
    } catch {
      // whatever it is: the reading back after the writing meets it too, or it is over
      this.sound = false;
    }
    this.read += item.rows.length;
  }

  /** Waits for what is under way; to be called however the writing ends. */
  async settle(): Promise<void> {
    await this.evictedBefore;
    await this.last;
  }

  /** How many rows were read and are equal, which are all; null where they have to be read after the writing. */
  async equalRows(written: readonly Written[]): Promise<number | null> {
    this.follow(written);
    await this.settle();
    const { read } = this;
    this.begun = 0;
    this.follow(spreadRows(written, LOOKED_AT_AGAIN));
    await this.last;
    const [before, after] = [await this.evictedBefore, await evictedKeys(this.link)];
    const same = before !== null && before === after;
    return this.sound && same && this.link.reopened === 0 ? read : null;
  }
}

const EVICTED = /^evicted_keys:(\d+)/m;
const CLUSTER = /^cluster_enabled:1/m;

/** Keys that the server has evicted since it started; null where that cannot be told, as of a cluster's nodes together. */
async function evictedKeys(link: RedisLink): Promise<number | null> {
  try {
    const { values } = await link.send([
      ['INFO', 'stats'],
      ['INFO', 'cluster'],
    ]);
    const [stats = '', cluster = ''] = values.map((value) =>
      value instanceof Uint8Array ? fromUtf8(value) : '',
    );
    const found = EVICTED.exec(stats)?.[1];
    return found === undefined || CLUSTER.test(cluster) ? null : Number(found);
  } catch {
    return null;
  }
}
