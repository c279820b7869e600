import { INTERNAL_SCHEMA, type Database, type QueryOptions } from '../../database/database';
import { mismatch } from '../../sql/compared-value';
import { column, quote, relation } from '../../sql/quote';
import { LEFT, PAIR, RIGHT, TIME } from '../alignment';
import { featureOf } from '../compared-feature';
import { comparedRows, segmentInPairs, type PairFilter, type SegmentBy } from '../pair-filter';
import type { BuiltSkew } from '../skew';

const DIFFERS = '__differs';

/**
 * The same check over the rows that meet the filter, with what the charts of one feature read, told apart by `by`: all of them
 * then look at these rows only. One per check and `place`; the next takes its place.
 */
export async function subsetOf(
  db: Database,
  skew: BuiltSkew,
  name: string,
  { filter, by }: { filter: PairFilter; by: SegmentBy },
  options: QueryOptions & { place?: number } = {},
): Promise<BuiltSkew> {
  const feature = featureOf(skew, name);
  const pairs = { schema: INTERNAL_SCHEMA, name: `skew_subset_${options.place ?? 0}_of_${skew.name}` };
  // Keys find the row of a side, which only its own columns ask for.
  const keys = by.kind === 'column' && segmentInPairs(skew, by) === null ? skew.keys : [];
  const columns = [
    ...new Set([PAIR, LEFT, RIGHT, TIME, ...keys, feature.left, feature.right]),
    ...skew.alignment.segments.map((_, at) => `segment_${at}`),
  ];
  const differs = `${mismatch(feature, skew.tolerance)} AS ${quote(DIFFERS)}`;
  const select = [...columns.map((one) => column('p', one)), differs].join(', ');
  await db.query(
    `CREATE OR REPLACE TABLE ${relation(pairs)} AS SELECT ${select} ${comparedRows(skew, filter)}`,
    options,
  );
  return { ...skew, pairs, features: [{ ...feature, differs: DIFFERS }] };
}
