import type { Segmentation, SkewCheck, TrainingSet, Catalog } from '../catalog/model';
import { nameSuggestion } from '../catalog/names';
import { neededColumns } from '../catalog/needed-columns';
import { PlumblineError } from '../errors';
import { requireKind, type ComparedFeature } from './compared-feature';
import { feastCompanions } from './feast-log';
import type { Side } from './side';

/** Which columns of the two sides are laid side by side. */
export interface Alignment {
  name: string;
  left: Side;
  right: Side;
  /** Join keys that both sides have, under one name; compared NULL-safe, column by column. */
  keys: string[];
  /** Join keys of the features' entities that one of the sides does not have. */
  missingKeys: string[];
  /** How far apart in time two rows of the same keys may be, microseconds. */
  within: bigint;
  features: ComparedFeature[];
  /** Columns by which the numbers are told apart, with the side that has them. */
  segments: { column: string; side: 'left' | 'right' }[];
}

/**
 * The table of pairs: `__pair`, `__side` (`both`, `left`, `right`), `__left` and `__right` (the rows of the sides, NULL where
 * alone), the keys, `__time` (the left row's, else the right one's), `__apart` (right - left, microseconds), `left_<i>`,
 * `right_<i>` per feature, where it is logged so `status_<i>` and `event_<i>`, and `segment_<i>`.
 */
export const PAIR = '__pair';
export const SIDE = '__side';
export const LEFT = '__left';
export const RIGHT = '__right';
export const TIME = '__time';
export const APART = '__apart';

/**
 * Finds the columns of both sides by name. Errors: `catalog.unknown_column` (no key in common, no feature, no such segment),
 * `catalog.type_mismatch`.
 */
export function planAlignment(
  catalog: Catalog,
  set: TrainingSet,
  check: Pick<SkewCheck, 'name' | 'within' | 'segments'>,
  left: Side,
  right: Side,
): Alignment {
  const joinKeys = neededColumns(catalog, set.features).keys.map((key) => key.name);
  const keys = joinKeys.filter((name) => left.types.has(name) && right.types.has(name));
  if (keys.length === 0) throw noKey(joinKeys, left, right);
  for (const name of keys) requireKind(name, sideType(left, name), sideType(right, name));
  const features = set.features
    .filter((ref) => (left.only?.(ref) ?? true) && (right.only?.(ref) ?? true))
    .map((ref, index): ComparedFeature => {
      const own = left.columnOf(ref);
      const other = right.columnOf(ref);
      const [leftType, rightType] = [own && left.types.get(own), other && right.types.get(other)];
      const companions = other === null ? null : feastCompanions(other, right.types);
      return {
        ref: `${ref.view}:${ref.feature}`,
        column: ref.column,
        kind: requireKind(
          ref.column,
          { type: leftType ?? rightType ?? 'VARCHAR', name: left.name },
          { type: rightType ?? leftType ?? 'VARCHAR', name: right.name },
        ),
        left: `left_${index}`,
        right: `right_${index}`,
        logged: own !== null && other !== null,
        columns: { left: own, right: other },
        status: companions?.status ?? null,
        event: companions?.timestamp ?? null,
      };
    });
  for (const side of [left, right])
    if (!features.some((one) => one.columns[side === left ? 'left' : 'right'] !== null))
      throw new PlumblineError('catalog.unknown_column', `${side.name} has no feature of ${set.name}.`, {
        hint: 'Each feature is looked for under its column name in the training set, and as view__feature.',
      });
  return {
    name: check.name,
    left,
    right,
    keys,
    missingKeys: joinKeys.filter((name) => !keys.includes(name)),
    within: check.within,
    features,
    segments: check.segments.flatMap((one) => segmentColumn(one, left, right)),
  };
}

function sideType(side: Side, name: string): { type: string; name: string } {
  return { type: side.types.get(name) ?? '', name: side.name };
}

function segmentColumn(one: Segmentation, left: Side, right: Side): Alignment['segments'] {
  if (one.kind === 'time') return [];
  if (left.types.has(one.column)) return [{ column: one.column, side: 'left' }];
  if (right.types.has(one.column)) return [{ column: one.column, side: 'right' }];
  const names = [...left.types.keys(), ...right.types.keys()].filter((name) => !name.startsWith('__'));
  throw new PlumblineError(
    'catalog.unknown_column',
    `Neither ${left.name} nor ${right.name} has a column ${one.column}.`,
    { hint: nameSuggestion(one.column, names, 'Name a column of either side, or a duration such as 1d.') },
  );
}

function noKey(joinKeys: readonly string[], left: Side, right: Side): PlumblineError {
  const without = joinKeys.some((name) => left.types.has(name)) ? right : left;
  return new PlumblineError(
    'catalog.unknown_column',
    `${without.name} has none of the join keys ${joinKeys.join(', ')}.`,
    { hint: 'It needs at least one join key under the name that the entity gives it.' },
  );
}
