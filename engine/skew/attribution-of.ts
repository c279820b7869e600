import type { TrainingSet } from '../catalog/model';
import type { Database } from '../database/database';
import { comparedValue, mismatch } from '../sql/compared-value';
import { column, relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import { LEFT, PAIR, SIDE, type Alignment } from './alignment';
import { attribute } from './causes/attribute';
import type { Attribution } from './causes/attribution';
import type { NumbersOf } from './numbers';
import type { CompareOptions } from './skew';
import { timeOf } from './side';

/**
 * Why the two sides of a feature differ; null where the left side is no definition, so that it cannot be computed otherwise.
 * Errors: those of `attribute`.
 */
export async function attributionOf(
  db: Database,
  plan: Alignment,
  set: TrainingSet,
  of: NumbersOf,
  { signal, onProgress }: CompareOptions,
): Promise<Attribution | null> {
  const { definitions } = plan.left;
  const ref = set.features.find(({ view, feature }) => `${view}:${feature}` === of.feature.ref);
  const by = ref && definitions?.refOf(ref);
  if (!definitions || !by) return null;
  return attribute(
    db,
    definitions.catalog,
    {
      view: by.view,
      feature: by.feature,
      kind: of.feature.kind,
      tolerance: of.tolerance,
      means: definitions.means,
      rows: comparedRows(plan, of),
    },
    { signal, onProgress },
  );
}

/** The compared rows with what their values were computed at: see `AttributionJob.rows`. */
function comparedRows({ left }: Alignment, { pairs, feature, tolerance }: NumbersOf): string {
  const keys = [...left.types.keys()].filter((name) => !name.startsWith('__') && name !== left.time);
  return printSelect({
    columns: [
      `${column('p', PAIR)} AS "__row"`,
      `epoch_us(${timeOf(left, 'l')}) AS "__t"`,
      ...keys.filter((name) => !['left', 'right', 'differs'].includes(name)).map((name) => column('l', name)),
      `${comparedValue(feature, 'left')} AS "left"`,
      `${comparedValue(feature, 'right')} AS "right"`,
      `${mismatch(feature, tolerance)} AS "differs"`,
    ],
    from: [
      `${pairs} AS p`,
      `JOIN ${relation(left.table)} AS l ON ${column('l', left.order)} = ${column('p', LEFT)}`,
    ],
    where: [`${column('p', SIDE)} = 'both'`],
  });
}
