import type { Catalog, OnDemandFeature } from './model';
import { PlumblineError } from '../errors';

interface Ref {
  view: string;
  feature: string;
}

/** An on-demand feature among the values of one computation. */
export interface AskedFeature {
  ref: Ref;
  feature: OnDemandFeature;
  /** Its own place. */
  index: number;
  /** The names in its expression and the places of the values that they stand for. */
  inputs: { name: string; index: number }[];
}

/** What has to be computed so that the wanted features are. */
export interface ComputedValues {
  /** By place: the wanted features in their order, then those that only expressions read. */
  refs: Ref[];
  /** On-demand features; each wave reads views and earlier waves only. */
  waves: AskedFeature[][];
}

/**
 * Follows on-demand features to what they are computed from. Errors: `catalog.cycle`; a ref that is in neither map is
 * taken for a view's, to be found wrong by `compileView`.
 */
export function computedValues(catalog: Catalog, wanted: readonly Ref[]): ComputedValues {
  const refs = wanted.map(({ view, feature }) => ({ view, feature }));
  const place = ({ view, feature }: Ref): number => {
    const known = refs.findIndex((ref) => ref.view === view && ref.feature === feature);
    return known >= 0 ? known : refs.push({ view, feature }) - 1;
  };
  const depths = new Map<number, number>();
  const waves: AskedFeature[][] = [];
  /** 0 for a feature of a view, else one more than the deepest input. */
  const depthOf = (index: number, above: readonly number[]): number => {
    const ref = refs[index]!;
    const feature = catalog.onDemandViews.get(ref.view)?.features.find(({ name }) => name === ref.feature);
    if (feature === undefined) return 0;
    const known = depths.get(index);
    if (known !== undefined) return known;
    if (above.includes(index))
      throw new PlumblineError('catalog.cycle', `${ref.view}:${ref.feature} is computed from itself`, {
        hint: 'Take one of the names out of its expression.',
      });
    const inputs = feature.inputs.map((input) => ({ name: input.name, index: place(input) }));
    const depth = 1 + Math.max(0, ...inputs.map((input) => depthOf(input.index, [...above, index])));
    depths.set(index, depth);
    (waves[depth - 1] ??= []).push({ ref, feature, index, inputs });
    return depth;
  };
  for (let index = 0; index < wanted.length; index++) depthOf(index, []);
  return { refs, waves };
}
