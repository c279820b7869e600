import { featureNamed } from '../../catalog/feature-named';
import { printDuration } from '../../catalog/duration';
import type { Catalog, DriftCheck, FeatureRef } from '../../catalog/model';
import type { Database, QueryOptions } from '../../database/database';
import { PlumblineError } from '../../errors';
import type { OnProgress } from '../../ports';
import { rowsText } from '../no-overlap';
import type { Side } from '../side';
import { alarmSentences, alarmsOf, driftLines, NOTICE_PSI } from './drift-alarms';
import { featureOverTime, type FeatureOverTime } from './drift-feature';
import type { DriftFeature, DriftResult, DriftWindow } from './drift-result';
import { driftWindows, isoText, isReference, type DriftWindows } from './drift-windows';
import { slaOf, SLA_TAG, viewFreshness, viewsBehind } from './freshness';

export interface DriftOptions extends QueryOptions {
  onProgress?: OnProgress;
  /** Sources that are too large for this engine: nothing is said of their freshness. */
  large?: ReadonlySet<string>;
}

/**
 * Looks at features of a side window by window: their numbers, how far each window lies from the reference, what is above an
 * alarm line, and how fresh the views behind them were. Errors: `drift.no_reference`, `catalog.unknown_column` where the side
 * holds none of the features, and those of `driftWindows`.
 */
export async function measureDrift(
  db: Database,
  { catalog, check, side }: { catalog: Catalog; check: DriftCheck; side: Side },
  options: DriftOptions = {},
): Promise<DriftResult> {
  const held = check.features.filter((ref) => side.columnOf(ref) !== null);
  if (held.length === 0)
    throw new PlumblineError(
      'catalog.unknown_column',
      `${side.name} has no feature of ${check.trainingSet}.`,
      {
        hint: 'Each feature is looked for under its column name in the training set, and as view__feature.',
      },
    );
  const windows = await driftWindows(db, check, side, options);
  const features: DriftFeature[] = [];
  let referenceRows = 0;
  for (const ref of held) {
    if (options.signal?.aborted) throw new PlumblineError('engine.cancelled', 'The run was cancelled.');
    options.onProgress?.({ phase: `watching ${ref.column}`, rows: features.length, totalRows: held.length });
    const definition = featureNamed(catalog, ref) ?? null;
    const asked = { held: side.columnOf(ref)!, definition };
    const found = await featureOverTime(db, side, windows, asked, options);
    referenceRows = found.reference.rows;
    if (referenceRows === 0) throw noReference(side, windows);
    features.push(driftFeature(check, ref, windows, found));
  }
  const { freshness, warnings } = await freshnessOf(db, catalog, held, windows, options);
  const absent = check.features.filter((ref) => !held.includes(ref)).map(({ column }) => column);
  const { every, reference, rows, timeless } = windows;
  return {
    of: side.name,
    every: printDuration(every),
    rows,
    reference: { start: isoText(reference.start), end: isoText(reference.end), rows: referenceRows },
    lines: driftLines(check),
    features,
    freshness,
    alarms: [...features, ...freshness].flatMap(({ alarms }) => alarms),
    warnings: [
      ...(absent.length === 0 ? [] : [`${side.name} has no column ${absent.join(', ')}: nothing to watch.`]),
      ...(timeless === 0 ? [] : [`${rowsText(timeless)} of ${side.name} without a time in no window.`]),
      ...side.remarks,
      ...warnings,
    ],
  };
}

function driftFeature(
  check: DriftCheck,
  { view, feature, column }: FeatureRef,
  windows: DriftWindows,
  found: FeatureOverTime,
): DriftFeature {
  const lines = driftLines(check);
  const watched = windows.starts.map((at) => !isReference(windows, at));
  const all = windows.starts.map((at, index): DriftWindow => {
    const numbers = found.windows.get(at) ?? NO_ROWS;
    const alarms = watched[index] ? alarmsOf(lines, numbers) : [];
    const notice =
      watched[index] === true && numbers.psi !== null && numbers.psi > NOTICE_PSI && !alarms.includes('psi');
    return { start: isoText(at), ...numbers, alarms, notice };
  });
  let worst: DriftFeature['worst'] = null;
  all.forEach(({ start, psi }, index) => {
    if (psi !== null && watched[index] && (worst === null || psi > worst.psi)) worst = { start, psi };
  });
  return {
    ref: `${view}:${feature}`,
    column,
    reference: found.reference,
    windows: all,
    worst,
    alarms: alarmSentences(column, lines, all),
  };
}

const NO_ROWS = { rows: 0, null_rate: null, default_rate: null, mean: null, psi: null, js: null, ks: null };

function noReference(side: Side, { reference, starts, last }: DriftWindows): PlumblineError {
  return new PlumblineError(
    'drift.no_reference',
    `No row of ${side.name} lies in the reference, ${isoText(reference.start)} to ${isoText(reference.end)}.`,
    { hint: `Its rows lie between ${isoText(starts[0]!)} and ${isoText(last)}.` },
  );
}

async function freshnessOf(
  db: Database,
  catalog: Catalog,
  features: readonly FeatureRef[],
  windows: DriftWindows,
  options: DriftOptions,
): Promise<{ freshness: DriftResult['freshness']; warnings: string[] }> {
  const freshness: DriftResult['freshness'] = [];
  const warnings: string[] = [];
  for (const view of viewsBehind(catalog, features)) {
    const written = view.tags[SLA_TAG];
    if (written !== undefined && slaOf(view) === null)
      warnings.push(`The tag ${SLA_TAG} of ${view.name} is no duration such as 24h: ${written}.`);
    if (options.large?.has(view.source) === true) {
      warnings.push(`${view.source} is too large to tell how fresh ${view.name} was.`);
      continue;
    }
    options.onProgress?.({ phase: `reading how fresh ${view.name} was` });
    freshness.push(await viewFreshness(db, catalog, view, windows, options));
  }
  return { freshness, warnings };
}
