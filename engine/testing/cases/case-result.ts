import type { TrainingSet } from '../../catalog/model';
import type { OracleCell, OracleFeature } from '../oracle/definition';
import { oracleTrainingSet } from '../oracle/training-set';
import { exactText, type OracleValue } from '../oracle/value';
import { ROUNDED } from './exactness';
import type { OracleCase } from './oracle-case';

const TOLERANCE = 1e-12;

/** What the oracle says of every spine row: a cell per feature of the set. */
export function expectedRows(one: OracleCase): OracleCell[][] {
  return oracleTrainingSet(one.views, one.events, one.spine);
}

/** Where rows of a built training set (`SELECT * ... ORDER BY __row`) differ from the oracle's, in words. */
export function differences(
  one: OracleCase,
  set: TrainingSet,
  expected: readonly OracleCell[][],
  actual: readonly Record<string, unknown>[],
): string[] {
  if (expected.length !== actual.length) return [`${expected.length} rows wanted, ${actual.length} found`];
  const features = one.views.flatMap((view) => view.features);
  return expected.flatMap((cells, at) =>
    cells.flatMap((cell, index) => {
      const row = actual[at]!;
      const feature = features[index]!;
      const { column } = set.features[index]!;
      const pairs: [string, OracleValue, unknown][] = [
        ['value', cell.value, row[column]],
        ['naive', cell.naive, row[`__naive_${index}`]],
        ['status', cell.status, row[`__status_${index}`]],
        ['leaks', cell.leaks, row[`__leaks_${index}`]],
        ...(feature.indicator
          ? [['missing', cell.raw === null, row[`${column}__missing`]] as [string, OracleValue, unknown]]
          : []),
      ];
      return pairs
        .filter(
          ([what, want, have]) =>
            !(what === 'value' || what === 'naive' ? agrees(feature, want, have) : want === have),
        )
        .map(
          ([what, want, have]) => `row ${at} ${column} ${what}: ${shown(want)} wanted, ${shown(have)} found`,
        );
    }),
  );
}

/** Whether a value out of the engine is the oracle's, to the last bit where the function rounds once. */
export function agrees({ definition }: OracleFeature, expected: OracleValue, actual: unknown): boolean {
  if (shown(expected) === shown(actual)) return true;
  if (definition.kind !== 'aggregation') return false;
  const { fn } = definition.aggregation;
  if (fn === 'approx_count_distinct') return nearCount(Number(expected), Number(actual));
  if (!ROUNDED.includes(fn) || typeof expected !== 'number' || typeof actual !== 'number') return false;
  return isNear(expected, actual);
}

/** The same for two values that a database has printed. */
export function agreesInText({ definition }: OracleFeature, expected: unknown, actual: unknown): boolean {
  if (expected === actual) return true;
  if (definition.kind !== 'aggregation' || !ROUNDED.includes(definition.aggregation.fn)) return false;
  return expected !== null && actual !== null && isNear(Number(expected), Number(actual));
}

/** Relative, and absolute below 1: a quantile half way between -1 and 1 has lost what it could be relative to. */
function isNear(expected: number, actual: number): boolean {
  return Math.abs(expected - actual) <= TOLERANCE * Math.max(1, Math.abs(expected), Math.abs(actual));
}

/** A sketch is right to about a tenth at these sizes; native DuckDB says exactly, in native-oracle.test.ts. */
function nearCount(expected: number, actual: number): boolean {
  return (expected === 0) === (actual === 0) && Math.abs(expected - actual) <= Math.max(2, expected / 3);
}

/** A value's exact text, for comparing; int32 comes out of the engine as number, other whole numbers as bigint. */
export function shown(value: unknown): string {
  return exactText(value as OracleValue);
}
