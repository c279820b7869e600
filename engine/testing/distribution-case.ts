import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { distanceSelect, stabilitySelect } from '../skew/distribution';
import { isNumeric } from '../sql/compared-value';
import { literal } from '../sql/literal';

/** Values as they are compared; a number of kind `real`, a text of kind `category`. */
export interface DistributionCase {
  kind: 'real' | 'category';
  reference: (number | string | null)[];
  samples: (number | string | null)[][];
}

export interface Distances {
  psi: number | null;
  js: number | null;
  ks: number | null;
}

/** How far each sample is from the reference, by the statements of engine/skew/distribution.ts. */
export async function distributionDistances(db: Database, given: DistributionCase): Promise<Distances[]> {
  const { kind, reference, samples } = given;
  const type = kind === 'real' ? 'DOUBLE' : 'VARCHAR';
  const row = (value: number | string | null, sample: number | null): string =>
    `(CAST(${literal(value)} AS ${type}), CAST(${literal(sample)} AS BIGINT))`;
  const values = [
    ...reference.map((value) => row(value, null)),
    ...samples.flatMap((some, index) => some.map((value) => row(value, index))),
  ];
  const relation = `(VALUES ${values.join(', ')}) AS t(v, w)`;
  const stability = await queryRows(db, stabilitySelect({ relation, kind }));
  const distance = isNumeric(given) ? await queryRows(db, distanceSelect({ relation, kind })) : [];
  return samples.map((_, index) => {
    const find = (rows: Record<string, unknown>[], name: string): number | null =>
      (rows.find((one) => Number(one['w']) === index)?.[name] ?? null) as number | null;
    return { psi: find(stability, 'psi'), js: find(stability, 'js'), ks: find(distance, 'ks') };
  });
}
