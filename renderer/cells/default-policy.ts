import type { Catalog, Feature } from '../../engine/catalog/model';
import type { ValueStatus } from '../../engine/results';
import { defaultText } from '../editor/describe';

/** A count over nothing is 0 by definition: there is no gap for a policy to fill. */
function countsNothing(feature: Feature): boolean {
  const { definition } = feature;
  return definition.kind === 'aggregation' && definition.aggregation.fn.startsWith('count');
}

function words(feature: Feature): string {
  if (countsNothing(feature)) return 'counted as 0';
  return defaultText(feature);
}

/** What stands in for a missing value, in words, by `view:feature`. */
export function defaultPolicies(catalog: Catalog | null): Map<string, string> {
  const policies = new Map<string, string>();
  for (const view of catalog?.views.values() ?? [])
    for (const feature of view.features) policies.set(`${view.name}:${feature.name}`, words(feature));
  return policies;
}

/** The mark of a value that is not simply there: what is wrong with it and what stands in. */
export function policyNote(status: ValueStatus, policy: string | undefined): string | null {
  const why = { present: null, missing: 'no events', expired: 'expired', null: 'NULL in the source' }[status];
  if (why === null) return null;
  return policy === undefined || policy === 'stays NULL' ? why : `${why}, ${policy}`;
}
