import { computedValues } from '../../engine/catalog/computed-values';
import type { Catalog, FeatureRef, LookupRequest } from '../../engine/catalog/model';
import { PlumblineError } from '../../engine/errors';

/** What the lookup dialog holds, as it was typed. */
export interface LookupDraft {
  redis: string;
  project: string;
  /** `view:feature`. */
  features: string[];
  /** One entity a line. */
  entities: string;
  calls: string;
  budget: string;
}

/** Every feature that can be looked up, by view. */
export function lookupFeatures(catalog: Catalog): { view: string; features: string[] }[] {
  return [...catalog.views.values(), ...catalog.onDemandViews.values()].map(({ name, features }) => ({
    view: name,
    features: features.map((feature) => `${name}:${feature.name}`),
  }));
}

function refOf(text: string): FeatureRef {
  const [view = '', feature = ''] = text.split(':');
  return { view, feature, column: feature };
}

/** What an entity is told by: the join keys of the features, then what their expressions read beside features. */
export function neededKeys(catalog: Catalog, features: readonly string[]): string[] {
  const { refs, waves } = computedValues(catalog, features.map(refOf));
  const keys = refs.flatMap(({ view }) =>
    (catalog.views.get(view)?.entities ?? []).flatMap((entity) =>
      (catalog.entities.get(entity)?.joinKeys ?? []).map(({ name }) => name),
    ),
  );
  return [...new Set([...keys, ...waves.flat().flatMap(({ feature }) => feature.parameters)])];
}

/** The dialog before anything was typed: the first materialize cell's target and views. */
export function firstDraft(catalog: Catalog | undefined, connections: readonly string[]): LookupDraft {
  const [cell] = catalog?.materializations.values() ?? [];
  const view = catalog?.views.get(cell?.views[0] ?? '');
  return {
    redis: cell?.redis ?? connections[0] ?? '',
    project: cell?.project ?? '',
    features: (view?.features ?? []).map(({ name }) => `${view?.name}:${name}`),
    entities: '',
    calls: '200',
    budget: '15',
  };
}

const wrong = (message: string, hint: string) => new PlumblineError('usage', message, { hint });

/** A line's values: separated by tabs where it has one, else by commas. */
const valuesOf = (line: string): string[] =>
  line.split(line.includes('\t') ? '\t' : ',').map((text) => text.trim());

/** The request that the dialog's fields say. Error: `usage`. */
export function lookupRequest(catalog: Catalog, draft: LookupDraft): LookupRequest {
  const { redis, project } = draft;
  if (redis === '') throw wrong('No connection is chosen.', 'Add one under Redis connections.');
  if (project === '') throw wrong('The project is missing.', 'It is part of every key.');
  if (draft.features.length === 0) throw wrong('No feature is chosen.', 'Mark at least one.');
  const keys = neededKeys(catalog, draft.features);
  const lines = draft.entities.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw wrong('No entity is given.', `Write ${keys.join(', ')} of one entity a line.`);
  if (lines.length > 10_000) throw wrong(`${lines.length} entities are too many.`, 'At most 10,000 at once.');
  const entities = lines.map((line, at) => {
    const values = valuesOf(line);
    if (values.length !== keys.length)
      throw wrong(
        `Line ${at + 1} has ${values.length} ${values.length === 1 ? 'value' : 'values'} instead of ${keys.length}.`,
        `Write ${keys.join(', ')}, separated by commas or tabs.`,
      );
    return Object.fromEntries(keys.map((key, i) => [key, values[i] ?? '']));
  });
  const calls = Number(draft.calls);
  if (!Number.isInteger(calls) || calls < 1 || calls > 1000)
    throw wrong('Calls must be a whole number from 1 to 1000.', 'It is how often the lookup is timed.');
  const budgetMs = Number(draft.budget);
  if (!(budgetMs > 0)) throw wrong('The budget must be a number of milliseconds.', 'For instance 15.');
  return {
    name: 'lookup',
    redis,
    project,
    entities: entities.map((entity) => withNumbers(catalog, entity)),
    features: draft.features.map(refOf),
    calls,
    budgetMs,
  };
}

/** Request parameters that read as numbers are numbers: expressions compute with them. Join keys stay as typed. */
function withNumbers(catalog: Catalog, entity: Record<string, string>): LookupRequest['entities'][number] {
  const keys = new Set([...catalog.entities.values()].flatMap((one) => one.joinKeys.map(({ name }) => name)));
  return Object.fromEntries(
    Object.entries(entity).map(([key, text]) => [
      key,
      !keys.has(key) && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text,
    ]),
  );
}
