import type { Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { PlumblineError } from '../errors';
import type { PlanChoice } from '../sql/plan';
import { snapshotPlan } from '../sql/snapshot';
import { partPlan } from '../sql/training-set';
import { prepareView } from '../sql/view-facts';
import { planTrainingSet } from '../training/training-plan';

/**
 * How a cell's whole run would compute each view, and why so. The sources are loaded: the planner goes by their rows.
 * Nothing of the cell runs. Errors: `catalog.not_supported` for a cell without a choice of plans, and those of the definitions.
 */
export async function cellPlans(
  db: Database,
  catalog: Catalog,
  kind: string,
  name: string,
): Promise<PlanChoice[]> {
  const set = catalog.trainingSets.get(name);
  if (set) {
    const { parts } = await planTrainingSet(db, catalog, set);
    return parts.map((part) => partPlan(set.name, part, { points: null }));
  }
  const views = catalog.materializations.get(name)?.views ?? (catalog.views.has(name) ? [name] : []);
  if (views.length === 0)
    throw new PlumblineError('catalog.not_supported', `A ${kind} cell leaves no choice of plans.`, {
      hint: 'Name a view, training-set or materialize cell.',
    });
  return Promise.all(views.map(async (view) => snapshotPlan(await prepareView(db, catalog, view))));
}
