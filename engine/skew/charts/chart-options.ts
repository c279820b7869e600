import type { QueryOptions } from '../../database/database';
import type { PairFilter } from '../pair-filter';

/** What all charts take: the rows that they draw are the compared ones that meet the filter. */
export interface ChartOptions extends QueryOptions {
  filter?: PairFilter;
}

/** A chart draws no more marks than this. */
export const MOST_MARKS = 5_000;
