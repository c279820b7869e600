import { decodeEntityKey, encodeEntityKey, type KeyType } from './entity-key';
import { storedName, timestampField } from './hash-field';
import { batchSlice, type MaterializationPlan, type PlanBatch } from './plan';
import type { RedisCommand } from './redis-commands';
import type { RedisLink } from './redis-link';

/** Rows of a view without a finding after which no more of it are looked at: a wrong type is wrong everywhere. */
const ENOUGH = 2_000;

const OTHER: Partial<Record<KeyType, KeyType>> = { int32: 'int64', int64: 'int32' };
const INT32 = 2n ** 31n;

export interface IntTwin {
  row: number;
  /** The types under which the entity is stored: `user_id int32`. */
  types: string[];
}

/** The same entity's keys with each choice of integer types that is not the given one. */
export function twinKeys(key: Uint8Array): { key: Uint8Array; types: string[] }[] {
  const entity = decodeEntityKey(key);
  if (entity === null) return [];
  const whole = entity.keys.flatMap(({ type }, i) => (OTHER[type] === undefined ? [] : [i]));
  const twins: { key: Uint8Array; types: string[] }[] = [];
  for (let choice = 1; choice < 2 ** whole.length; choice++) {
    const keys = entity.keys.map((part, i) => {
      const at = whole.indexOf(i);
      return at >= 0 && (choice >> at) % 2 === 1 ? { ...part, type: OTHER[part.type] ?? part.type } : part;
    });
    const fits = keys.every(
      ({ type, value }) =>
        type !== 'int32' || (typeof value === 'bigint' && value >= -INT32 && value < INT32),
    );
    if (fits)
      twins.push({
        key: encodeEntityKey(keys, entity.project),
        types: keys.map(({ name, type }) => `${name} ${type}`),
      });
  }
  return twins;
}

/**
 * Looks for entities that are added now and are stored already under a key of the other integer type, where a reader
 * with this definition would not find them (an INT32 key and an INT64 key of the same number are different keys).
 */
export class IntTwins {
  private readonly checked: number[];
  private readonly found: number[];

  constructor(private readonly plan: MaterializationPlan) {
    this.checked = plan.views.map(() => 0);
    this.found = plan.views.map(() => 0);
  }

  counts(): { found: number; checked: number } {
    const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
    return { found: sum(this.found), checked: sum(this.checked) };
  }

  /** Those of the batch's added rows that have a twin. Error: redis.*. */
  async check(link: RedisLink, batch: PlanBatch, added: readonly number[]): Promise<IntTwin[]> {
    const { view } = batch;
    const planned = this.plan.views[view];
    if (planned === undefined || added.length === 0) return [];
    if ((this.found[view] ?? 0) === 0 && (this.checked[view] ?? 0) >= ENOUGH) return [];
    const field = timestampField(storedName(planned.view));
    const twins = added.flatMap((row) =>
      twinKeys(batchSlice(batch, row, 0)).map((twin) => ({ row, ...twin })),
    );
    if (twins.length === 0) return [];
    const { values } = await link.send(twins.map(({ key }): RedisCommand => ['HEXISTS', key, field]));
    const stored = twins.filter((_, i) => values[i] === 1);
    const rows = new Map(stored.map(({ row, types }) => [row, { row, types }]));
    this.checked[view] = (this.checked[view] ?? 0) + added.length;
    this.found[view] = (this.found[view] ?? 0) + rows.size;
    return [...rows.values()];
  }
}
