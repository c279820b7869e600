import { hex } from './byte-writer';
import { compareCodePoints } from './entity-key';
import { hashField, storedName, timestampField } from './hash-field';
import type { OnlineView } from './job';
import { formerFeatures, type OnlineState } from './online-state';
import { batchSlice, type MaterializationPlan, type PlanBatch } from './plan';
import type { RedisCommand } from './redis-commands';
import type { RedisLink } from './redis-link';
import { storedRow, type StoredRow } from './stored-rows';

/** Text of a field for people: its own where it is printable, else hexadecimal. */
function shownField(field: Uint8Array): string {
  const printable = field.length > 4 && field.every((byte) => byte >= 0x20 && byte < 0x7f);
  return printable ? String.fromCharCode(...field) : `0x${hex(field)}`;
}

const fieldsOf = (view: string, features: readonly string[]): Uint8Array[] => [
  timestampField(view),
  ...features.map((feature) => hashField(view, feature)),
];

/** What a hash holds of a view, and besides. */
export interface ReadHash {
  stored: StoredRow;
  /** Features of earlier definitions of the view that are still there. */
  orphans: string[];
  /** Fields that no view of the job or of the workspace's records explains; told of one view per hash only. */
  unknown: string[];
}

/** Reads the hashes of a plan's entities with everything in them that is not the plan's own. */
export class HashReader {
  private readonly known = new Set<string>();
  private readonly former: string[][];
  private readonly formerFields: Uint8Array[][];
  private readonly tellsUnknown: boolean[];

  constructor(
    private readonly plan: MaterializationPlan,
    state: OnlineState,
  ) {
    this.former = plan.views.map(({ view }) => formerFeatures(state.views[storedName(view)], view));
    this.formerFields = plan.views.map(({ view }, i) =>
      (this.former[i] ?? []).map((feature) => hashField(storedName(view), feature)),
    );
    for (const { fields } of plan.views) for (const field of fields) this.known.add(hex(field));
    for (const fields of this.formerFields) for (const field of fields) this.known.add(hex(field));
    for (const [view, { features, former }] of Object.entries(state.views))
      for (const field of fieldsOf(view, [...features, ...former])) this.known.add(hex(field));
    const keysOf = (view: OnlineView) => view.joinKeys.map(({ name }) => name).sort(compareCodePoints);
    const places = plan.views.map(({ view }) => JSON.stringify(keysOf(view)));
    this.tellsUnknown = places.map((place, i) => places.indexOf(place) === i);
  }

  /** One entry per row of the batch. */
  async read(link: RedisLink, batch: PlanBatch): Promise<ReadHash[]> {
    const own = this.plan.views[batch.view]?.fields ?? [];
    const former = this.former[batch.view] ?? [];
    const fields = [...own, ...(this.formerFields[batch.view] ?? [])];
    const tells = this.tellsUnknown[batch.view] ?? false;
    const commands: RedisCommand[] = [];
    for (let row = 0; row < batch.rows; row++) commands.push(['HMGET', batchSlice(batch, row, 0), ...fields]);
    if (tells) for (let row = 0; row < batch.rows; row++) commands.push(['HLEN', batchSlice(batch, row, 0)]);
    const { values } = await link.send(commands);
    const more: number[] = [];
    const hashes = Array.from({ length: batch.rows }, (_, row): ReadHash => {
      const found = storedRow(values[row]);
      const here = found.reduce((count, value) => count + (value === null ? 0 : 1), 0);
      if (tells && Number(values[batch.rows + row]) > here) more.push(row);
      return {
        stored: found.slice(0, own.length),
        orphans: former.filter((_name, i) => (found[own.length + i] ?? null) !== null),
        unknown: [],
      };
    });
    if (more.length === 0) return hashes;
    const names = await link.send(more.map((row): RedisCommand => ['HKEYS', batchSlice(batch, row, 0)]));
    more.forEach((row, i) => {
      const all = storedRow(names.values[i]).filter((name) => name !== null);
      hashes[row]!.unknown = all.filter((name) => !this.known.has(hex(name))).map(shownField);
    });
    return hashes;
  }
}
