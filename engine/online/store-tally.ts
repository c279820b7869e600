import type { InspectedEntity, InspectedField, InspectedView, StoreSummary, ViewSummary } from './inspection';
import { isExpired } from './stored-hash';

type Tally = Omit<StoreSummary, 'views' | 'others'> & {
  views: Map<string, ViewSummary>;
  others: Map<string, StoreSummary['others'][number]>;
};

const countIn = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

function addView(views: Map<string, ViewSummary>, view: InspectedView): void {
  const { name, origin, eventTime } = view;
  const sum = views.get(name) ?? { name, origin, entities: 0, expired: 0, oldest: null, newest: null };
  views.set(name, sum);
  sum.entities++;
  if (isExpired(view)) sum.expired++;
  if (eventTime === null) return;
  if (sum.oldest === null || eventTime < sum.oldest) sum.oldest = eventTime;
  if (sum.newest === null || eventTime > sum.newest) sum.newest = eventTime;
}

function addOther(others: Tally['others'], { name, state, type }: InspectedField): void {
  if (state === 'known') return;
  const place = `${name} ${state} ${type}`;
  const sum = others.get(place) ?? { name, state, type, entities: 0 };
  others.set(place, sum);
  sum.entities++;
}

/** Sums up entities by project and join keys. */
export class StoreTally {
  private readonly byStore = new Map<string, Tally>();

  add(entity: InspectedEntity): void {
    const joinKeys = entity.keys.map(({ name, type }) => ({ name, type }));
    const place = JSON.stringify([entity.project, joinKeys]);
    const sum = this.byStore.get(place) ?? {
      project: entity.project,
      joinKeys,
      entities: 0,
      bytes: 0,
      memory: 0,
      keyVersions: {},
      notFound: {},
      views: new Map(),
      others: new Map(),
    };
    this.byStore.set(place, sum);
    sum.entities++;
    sum.bytes += entity.bytes;
    sum.memory = sum.memory === null || entity.memory === null ? null : sum.memory + entity.memory;
    countIn(sum.keyVersions, entity.keyVersion);
    if (entity.notFound !== null) countIn(sum.notFound, entity.notFound);
    for (const view of entity.views) addView(sum.views, view);
    for (const field of entity.others) addOther(sum.others, field);
  }

  /** By project, then by the number of entities, most first. */
  stores(): StoreSummary[] {
    return [...this.byStore.values()]
      .map(({ views, others, ...rest }) => ({
        ...rest,
        views: [...views.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
        others: [...others.values()].sort((a, b) => b.entities - a.entities),
      }))
      .sort((a, b) => (a.project === b.project ? b.entities - a.entities : a.project < b.project ? -1 : 1));
  }
}
