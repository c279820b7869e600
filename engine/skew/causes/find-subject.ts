import type { Catalog } from '../../catalog/model';
import type { Database } from '../../database/database';
import { PlumblineError } from '../../errors';
import { prepareView } from '../../sql/view-facts';
import type { AttributionJob } from './attribution';
import type { Subject } from './subject';

/** The feature, and why it cannot be computed again where it cannot. Errors: those of `prepareView`. */
export async function findSubject(
  db: Database,
  catalog: Catalog,
  { view, feature }: AttributionJob,
  signal?: AbortSignal,
): Promise<{ subject: Subject; note: string | null }> {
  const onDemand = catalog.onDemandViews.get(view);
  if (onDemand) {
    const found = onDemand.features.find(({ name }) => name === feature);
    if (!found)
      throw new PlumblineError('catalog.unknown_feature', `no feature ${feature} in ${view}`, {
        hint: `The view has ${onDemand.features.map(({ name }) => name).join(', ')}.`,
      });
    return {
      subject: { view, feature: found, compiled: null },
      note: 'The feature is computed from other features: look for the cause there. Only casts and defaults were tried here.',
    };
  }
  const declared = catalog.views.get(view)?.features.find(({ name }) => name === feature);
  const by = declared?.default.kind === 'category_mean' ? [declared.default.by] : [];
  const compiled = await prepareView(db, catalog, view, [feature, ...by], signal);
  const subject: Subject = { view, feature: compiled.features[0]!.feature, compiled };
  if (compiled.facts === null)
    return {
      subject: { ...subject, compiled: null },
      note: `The source ${compiled.view.source} is too large for one engine. Only casts and defaults were tried.`,
    };
  return { subject, note: null };
}
