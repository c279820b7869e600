import type { SliceContext } from './slice';

/** The notebook and what it includes, as the analysis takes them. */
export function documentsOf({ get }: Pick<SliceContext, 'get'>) {
  const { current, included } = get().document;
  return current === null ? included : [current, ...included];
}
