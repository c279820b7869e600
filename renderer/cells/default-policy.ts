import { allViews } from '../../engine/catalog/feature-named';
import type { Catalog, Feature, OnDemandFeature } from '../../engine/catalog/model';
import type { FeatureMean } from '../../engine/sql/mean';
import type { ValueStatus } from '../../engine/results';
import { defaultText } from '../editor/describe';

/** A count over nothing is 0 by definition: there is no gap for a policy to fill. */
function countsNothing(feature: Feature | OnDemandFeature): boolean {
  if (!('definition' in feature)) return false;
  const { definition } = feature;
  return definition.kind === 'aggregation' && definition.aggregation.fn.startsWith('count');
}

function words(feature: Feature | OnDemandFeature): string {
  if (countsNothing(feature)) return 'counted as 0';
  return defaultText(feature);
}

/** What stands in for a missing value, in words, by `view:feature`; `means` are those that a build took. */
export function defaultPolicies(
  catalog: Catalog | null,
  means: readonly FeatureMean[] = [],
): Map<string, string> {
  const policies = new Map<string, string>();
  for (const view of catalog === null ? [] : allViews(catalog))
    for (const feature of view.features) policies.set(`${view.name}:${feature.name}`, words(feature));
  for (const { ref, mean, by } of means)
    if (mean !== null)
      policies.set(ref, `default ${by === null ? 'the mean' : `the mean by ${by}, else`} ${String(mean)}`);
  return policies;
}

/** The mark of a value that is not simply there: what is wrong with it and what stands in. */
export function policyNote(status: ValueStatus, policy: string | undefined): string | null {
  const why = { present: null, missing: 'no events', expired: 'expired', null: 'NULL in the source' }[status];
  if (why === null) return null;
  return policy === undefined || policy === 'stays NULL' ? why : `${why}, ${policy}`;
}
