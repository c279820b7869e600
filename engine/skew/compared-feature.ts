import { PlumblineError } from '../errors';
import { compareKind, type ComparedPair, type FeatureKind } from '../sql/compared-value';

/** A feature of the training set and the place of its two values in the table of pairs. */
export interface ComparedFeature extends ComparedPair {
  ref: string;
  /** The output column on both sides. */
  column: string;
  /** False where the log has no such column; the right side is then NULL throughout and nothing is compared. */
  logged: boolean;
}

/** Errors: `catalog.type_mismatch` where values of the two DuckDB types cannot be compared. */
export function requireKind(name: string, left: string, right: string): FeatureKind {
  const kind = compareKind(left, right);
  if (kind !== null) return kind;
  throw new PlumblineError(
    'catalog.type_mismatch',
    `The column ${name} is ${left} in the training set and ${right} in the serving log.`,
    { hint: 'Give the feature the type that is logged, or log the type of the feature.' },
  );
}
