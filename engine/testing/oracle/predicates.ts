import type { OracleEvent, OracleWhere } from './definition';
import { compareValues } from './value';

/** Whether a predicate is true of an event: neither false nor unknown. */
export function passes(where: OracleWhere, { payload }: OracleEvent): boolean {
  const { i, j, f, b, tag } = payload;
  switch (where) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'tag_a':
      return tag === 'a';
    case 'tag_unlike_a':
      return typeof tag === 'string' && tag !== 'a';
    case 'i_positive':
      return typeof i === 'bigint' && i > 0n;
    case 'f_positive':
      return typeof f === 'number' && compareValues(f, 0) > 0;
    case 'flag':
      return b === true;
    case 'j_known':
      return j !== null;
  }
}
