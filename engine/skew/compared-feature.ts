import { PlumblineError } from '../errors';
import { compareKind, type ComparedPair, type FeatureKind } from '../sql/compared-value';

/** A feature of the training set and the place of its two values in the table of pairs. */
export interface ComparedFeature extends ComparedPair {
  ref: string;
  /** The output column of the training set. */
  column: string;
  /** False where one of the sides has no such column; that side is then NULL throughout and nothing is compared. */
  logged: boolean;
  /** The columns of the sides themselves. */
  columns: { left: string | null; right: string | null };
  /** Columns of a Feast log with the right value's status and event time; null where there are none. */
  status: string | null;
  event: string | null;
}

/** Errors: `catalog.type_mismatch` where values of the two DuckDB types cannot be compared. */
export function requireKind(
  column: string,
  left: { type: string; name: string },
  right: { type: string; name: string },
): FeatureKind {
  const kind = compareKind(left.type, right.type);
  if (kind !== null) return kind;
  throw new PlumblineError(
    'catalog.type_mismatch',
    `The column ${column} is ${left.type} in ${left.name} and ${right.type} in ${right.name}.`,
    { hint: 'Give the feature the type that is logged, or log the type of the feature.' },
  );
}

/** A compared feature by its column. Errors: `catalog.unknown_feature`. */
export function featureOf(
  { name: check, features }: { name: string; features: readonly ComparedFeature[] },
  name: string,
): ComparedFeature {
  const feature = features.find((candidate) => candidate.column === name);
  if (feature) return feature;
  throw new PlumblineError('catalog.unknown_feature', `The check ${check} compares no feature ${name}.`, {
    hint: `It compares ${features.map((candidate) => candidate.column).join(', ')}.`,
  });
}
