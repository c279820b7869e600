import { INTERNAL_SCHEMA, type Database, type QueryOptions } from '../../database/database';
import { column, relation } from '../../sql/quote';
import { LEFT, PAIR, RIGHT, SIDE, TIME } from '../alignment';
import { featureOf } from '../compared-feature';
import { comparedRows, type PairFilter } from '../pair-filter';
import type { BuiltSkew } from '../skew';

/**
 * The same check over the rows that meet the filter, with what the charts of one feature read: all of them then look at these
 * rows only. One per check and `place`; the next takes its place.
 */
export async function subsetOf(
  db: Database,
  skew: BuiltSkew,
  name: string,
  filter: PairFilter,
  options: QueryOptions & { place?: number } = {},
): Promise<BuiltSkew> {
  const feature = featureOf(skew, name);
  const pairs = { schema: INTERNAL_SCHEMA, name: `skew_subset_${options.place ?? 0}_of_${skew.name}` };
  const columns = [
    ...new Set([PAIR, SIDE, LEFT, RIGHT, TIME, ...skew.keys, feature.left, feature.right]),
    ...skew.alignment.segments.map((_, at) => `segment_${at}`),
  ];
  const select = `SELECT ${columns.map((one) => column('p', one)).join(', ')} ${comparedRows(skew, filter)}`;
  await db.query(`CREATE OR REPLACE TABLE ${relation(pairs)} AS ${select}`, options);
  return { ...skew, pairs, features: [feature] };
}
