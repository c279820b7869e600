import { computedValues } from './computed-values';
import type { Catalog, JoinKey } from './model';

/** What a spine must hold so that features can be computed over it. */
export interface NeededColumns {
  /** By name, each once. */
  keys: JoinKey[];
  /** Names in on-demand expressions that are no features, with a feature that names each. */
  parameters: { name: string; ref: string }[];
}

/** The join keys and parameters of features, through on-demand ones to those that they read. Errors: `catalog.cycle`. */
export function neededColumns(
  catalog: Catalog,
  features: readonly { view: string; feature: string }[],
): NeededColumns {
  const { refs, waves } = computedValues(catalog, features);
  const entities = new Set(refs.flatMap(({ view }) => catalog.views.get(view)?.entities ?? []));
  const keys = [...entities].flatMap((entity) => catalog.entities.get(entity)?.joinKeys ?? []);
  const parameters = waves
    .flat()
    .flatMap(({ ref, feature }) =>
      feature.parameters.map((name) => ({ name, ref: `${ref.view}:${ref.feature}` })),
    );
  const once = <T extends { name: string }>(all: readonly T[]): T[] =>
    all.filter((one, index) => all.findIndex((other) => other.name === one.name) === index);
  return { keys: once(keys), parameters: once(parameters) };
}
