import { PlumblineError } from '../errors';
import type { OnProgress } from '../ports';
import type { InspectedEntity, InspectJob, InspectResult } from './inspection';
import type { OnlineView } from './job';
import type { RedisCommand, RedisValue } from './redis-commands';
import type { RedisLink } from './redis-link';
import { scanKeys } from './scan-keys';
import { decodeStoredKey, keyText, type StoredKey } from './stored-key';
import { decodeHash, hashBytes, viewsOfKeys, type HashFields } from './stored-hash';
import { StoreTally } from './store-tally';

const decoder = new TextDecoder();

interface Found {
  key: Uint8Array;
  stored: StoredKey;
}

/** The keys of a portion that are Feast's and match the job's project and entity. */
function feastKeys(keys: readonly Uint8Array[], job: InspectJob): { matching: Found[]; foreign: number } {
  const matching: Found[] = [];
  let foreign = 0;
  for (const key of keys) {
    const stored = decodeStoredKey(key);
    if (stored === null) foreign++;
    else if (matches(stored, job)) matching.push({ key, stored });
  }
  return { matching, foreign };
}

function matches({ project, keys }: StoredKey, job: InspectJob): boolean {
  if (job.project !== null && job.project !== project) return false;
  return Object.entries(job.entity).every(([name, text]) =>
    keys.some((part) => part.name === name && keyText(part.value) === text),
  );
}

function pairs(reply: RedisValue | undefined): HashFields {
  if (!Array.isArray(reply))
    throw new PlumblineError('redis.refused', 'Redis gave an answer to HGETALL that is no list.', {
      hint: 'Is this a Redis server? Check host and port of the connection.',
    });
  const fields: [Uint8Array, Uint8Array][] = [];
  for (let i = 0; i + 1 < reply.length; i += 2) {
    const [field, value] = [reply[i], reply[i + 1]];
    if (field instanceof Uint8Array && value instanceof Uint8Array) fields.push([field, value]);
  }
  return fields;
}

/** Why the notebook's lookups miss an entity that is stored: its key has other bytes than theirs. */
function notFound({ version, keys }: StoredKey, views: readonly OnlineView[]): string | null {
  const [view] = views;
  if (view === undefined) return null;
  for (const { name, type } of view.joinKeys) {
    const stored = keys.find((part) => part.name === name)?.type;
    if (stored !== type) return `${name} is stored as ${stored}, the notebook says ${type}`;
  }
  return version === 'v3' ? null : `the key has the older form ${version}`;
}

class Inspection {
  private readonly tally: StoreTally;
  private readonly entities: InspectedEntity[] = [];
  private readonly now: number;
  /** Whether the server may be asked what a key takes; some users may not. */
  private asksMemory = true;

  constructor(
    private readonly job: InspectJob,
    private readonly link: RedisLink,
    now: () => number,
  ) {
    this.now = now();
    this.tally = new StoreTally();
  }

  private async memoryOf(keys: readonly Uint8Array[]): Promise<(number | null)[]> {
    if (!this.asksMemory) return [];
    try {
      const { values } = await this.link.send(keys.map((key): RedisCommand => ['MEMORY', 'USAGE', key]));
      return values.map((value) => (typeof value === 'number' ? value : null));
    } catch (thrown) {
      const code = thrown instanceof PlumblineError ? thrown.code : null;
      if (code !== 'redis.needs_user' && code !== 'redis.refused') throw thrown;
      this.asksMemory = false;
      return [];
    }
  }

  /** Reads a portion's hashes. A key of Feast's form that holds no hash counts as foreign. */
  async take(found: readonly Found[]): Promise<number> {
    if (found.length === 0) return 0;
    const types = await this.link.send(found.map(({ key }): RedisCommand => ['TYPE', key]));
    const hashes = found.filter((_, i) => {
      const type = types.values[i];
      return type instanceof Uint8Array && decoder.decode(type) === 'hash';
    });
    const keys = hashes.map(({ key }) => key);
    if (keys.length === 0) return found.length;
    const { values } = await this.link.send(keys.map((key): RedisCommand => ['HGETALL', key]));
    const memory = await this.memoryOf(keys);
    hashes.forEach(({ key, stored }, i) => this.add(stored, key, pairs(values[i]), memory[i] ?? null));
    return found.length - hashes.length;
  }

  private add(stored: StoredKey, key: Uint8Array, fields: HashFields, memory: number | null): void {
    // It went away between SCAN and HGETALL.
    if (fields.length === 0) return;
    const views = viewsOfKeys(this.job.views, stored.keys);
    const entity: InspectedEntity = {
      project: stored.project,
      keyVersion: stored.version,
      keys: stored.keys.map(({ name, type, value }) => ({ name, type, value: keyText(value) })),
      notFound: notFound(stored, views),
      bytes: hashBytes(key, fields),
      memory,
      ...decodeHash(fields, views, this.now),
    };
    this.tally.add(entity);
    if (this.entities.length < this.job.shown) this.entities.push(entity);
  }

  result(keys: number, looked: number, complete: boolean, foreign: number): InspectResult {
    return { keys, looked, complete, foreign, stores: this.tally.stores(), entities: this.entities };
  }
}

/**
 * Looks at what a Redis holds, whoever wrote it: projects, entities, views, values by their own types, ages, sizes, fields
 * that nobody owns. Writes nothing, never sends KEYS, ends at `job.limit` keys. `now`: milliseconds since 1970. Errors:
 * redis.*, `engine.cancelled`.
 */
export async function inspectStore(
  job: InspectJob,
  link: RedisLink,
  options: { signal?: AbortSignal; onProgress?: OnProgress; now?: () => number } = {},
): Promise<InspectResult> {
  const { values } = await link.send([['DBSIZE']]);
  const total = typeof values[0] === 'number' ? values[0] : 0;
  const inspection = new Inspection(job, link, options.now ?? Date.now);
  const keys = scanKeys(link, { limit: job.limit, signal: options.signal });
  let looked = 0;
  let foreign = 0;
  for (;;) {
    const portion = await keys.next();
    if (portion.done === true) return inspection.result(total, looked, portion.value, foreign);
    const { matching, foreign: strange } = feastKeys(portion.value, job);
    foreign += strange + (await inspection.take(matching));
    looked += portion.value.length;
    options.onProgress?.({ phase: 'looking at keys', rows: looked, totalRows: Math.min(total, job.limit) });
  }
}
