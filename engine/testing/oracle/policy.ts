import type { OracleFeature } from './definition';
import { identity, type OracleValue } from './value';

/** Means of one view's features by name; NULL where nothing was known. */
export type Means = ReadonlyMap<string, FeatureMeans>;

export interface FeatureMeans {
  global: OracleValue;
  /** By the identity of the category. */
  byCategory: ReadonlyMap<string, OracleValue>;
}

/** What stands in for a NULL. `rawOf` gives the row's value of another feature of the view, before its policy. */
export function standIn(
  { name, policy }: OracleFeature,
  means: Means,
  rawOf: (name: string) => OracleValue,
): OracleValue {
  switch (policy.kind) {
    case 'none':
      return null;
    case 'zero':
      return 0n;
    case 'constant':
      return policy.value;
    case 'global_mean':
      return means.get(name)?.global ?? null;
    case 'category_mean': {
      const category = rawOf(policy.category);
      const own = category === null ? undefined : means.get(name)?.byCategory.get(identity(category));
      return own ?? means.get(name)?.global ?? null;
    }
  }
}
