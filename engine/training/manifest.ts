import type { Catalog, TrainingSet } from '../catalog/model';
import type { ColumnInfo } from '../database/database';
import { canonicalJson, plain, type ManifestSource } from '../database/manifest-parts';
import { PlumblineError } from '../errors';
import type { FeatureSummary } from '../results';
import { meansByRef, type FeatureMean, type Means } from '../sql/mean';
import { computedValues } from '../catalog/computed-values';

/** The format of the manifest itself. */
export const MANIFEST_VERSION = 1;

/**
 * What a training set was made from and what came out, beside the exported file as `<file>.manifest.json`. It holds
 * no clock time, host or absolute path: the same inputs give the same bytes.
 */
export interface Manifest {
  plumbline_manifest: number;
  engine: { plumbline: string; duckdb: string };
  training_set: string;
  /** Absent in the copy inside the Parquet file, which cannot know its own digest. */
  file?: { path: string; size: number; sha256: string };
  compression: string;
  rows: number;
  spine_rows: number;
  sample: number | null;
  columns: ColumnInfo[];
  /** Set, views (on demand too), entities and sources that took part; durations in microseconds as decimal strings. */
  definitions: Record<string, unknown>;
  sql: { name: string; sql: string }[];
  sources: ManifestSource[];
  features: FeatureSummary[];
  /** Numbers that stood in for NULL, for serving to use as well; absent in manifests of older versions. */
  means?: FeatureMean[];
  warnings: string[];
}

/** The definitions that a training set rests on, as plain JSON values. */
export function definitionsOf(catalog: Catalog, set: TrainingSet): Record<string, unknown> {
  const read = computedValues(catalog, set.features).refs.map((ref) => ref.view);
  const names = [...new Set(read)];
  const views = names.flatMap((name) => catalog.views.get(name) ?? []);
  const onDemand = names.flatMap((name) => catalog.onDemandViews.get(name) ?? []);
  const entities = [...new Set(views.flatMap((view) => view.entities))];
  const sources = [...new Set(views.map((view) => view.source))];
  return plain({
    training_set: set,
    views,
    ...(onDemand.length === 0 ? {} : { on_demand_views: onDemand }),
    entities: entities.map((name) => catalog.entities.get(name)),
    sources: sources.map((name) => catalog.sources.get(name)),
  }) as Record<string, unknown>;
}

export interface ManifestDifference {
  part: 'engine' | 'definition' | 'source' | 'sql' | 'rows' | 'columns' | 'feature' | 'mean' | 'file';
  /** The view, source or feature concerned, else the training set. */
  name: string;
  message: string;
}

/**
 * What differs between an earlier manifest and this run's, in words; empty when the run repeats it.
 * Errors: `export.mismatch` when the text is not a manifest that this version reads.
 */
export function checkManifest(earlierText: string, now: Manifest): ManifestDifference[] {
  const before = parseManifest(earlierText);
  const found: ManifestDifference[] = [];
  const report = (part: ManifestDifference['part'], name: string, message: string): void =>
    void found.push({ part, name, message });
  const set = now.training_set;
  if (!equal(before.engine, now.engine))
    report('engine', set, `made with ${engineText(before)}, now ${engineText(now)}`);
  compareDefinitions(before, now, report);
  compareSources(before, now, report);
  if (found.length === 0 && !equal(before.sql, now.sql)) report('sql', set, `the SQL of ${set} changed`);
  if (before.rows !== now.rows) report('rows', set, `${set} had ${before.rows} rows, now ${now.rows}`);
  if (before.spine_rows !== now.spine_rows)
    report('rows', set, `the spine of ${set} had ${before.spine_rows} rows, now ${now.spine_rows}`);
  if (before.sample !== now.sample)
    report('rows', set, `${set} was ${sampleText(before)}, now ${sampleText(now)}`);
  if (!equal(before.columns, now.columns)) report('columns', set, `the columns of ${set} changed`);
  for (const feature of now.features) {
    const former = before.features.find((one) => one.ref === feature.ref);
    if (former) compareFeature(former, feature, report);
  }
  compareMeans(before, now, report);
  if (!equal(before.warnings, now.warnings))
    report('rows', set, `the warnings changed: now ${now.warnings.join('; ') || 'none'}`);
  if (before.compression !== now.compression)
    report('file', set, `compressed with ${before.compression}, now ${now.compression}`);
  if (before.file && now.file && before.file.sha256 !== now.file.sha256)
    report('file', set, `the file’s digest changed from ${before.file.sha256} to ${now.file.sha256}`);
  return found;
}

const engineText = ({ engine }: Manifest): string =>
  `DuckDB ${engine.duckdb} and Plumbline ${engine.plumbline}`;
const sampleText = ({ sample }: Manifest): string => (sample === null ? 'whole' : `a sample of ${sample}`);

type Report = (part: ManifestDifference['part'], name: string, message: string) => void;

function compareFeature(former: FeatureSummary, feature: FeatureSummary, report: Report): void {
  const counts = (['present', 'missing', 'expired', 'null', 'leaking_rows', 'value_differs'] as const)
    .filter((count) => former[count] !== feature[count])
    .map((count) => `${count} ${former[count]} -> ${feature[count]}`);
  if (counts.length === 0 && !equal(former.worth, feature.worth)) counts.push('its worth changed');
  if (counts.length > 0) report('feature', feature.ref, `${feature.ref}: ${counts.join(', ')}`);
}

function compareMeans(before: Manifest, now: Manifest, report: Report): void {
  const [former, current] = [before.means ?? [], now.means ?? []].map(meansByRef) as [Means, Means];
  for (const ref of new Set([...former.keys(), ...current.keys()])) {
    const [old, mean] = [former.get(ref), current.get(ref)];
    if (equal(old, mean)) continue;
    const text = (one: FeatureMean | undefined): string =>
      one === undefined
        ? 'not taken'
        : `${one.mean ?? 'NULL'} over ${one.rows} rows before ${one.before ?? 'no time'}`;
    const what =
      old && mean && text(old) === text(mean) ? 'by category changed' : `was ${text(old)}, now ${text(mean)}`;
    report('mean', ref, `the mean of ${ref} ${what}`);
  }
}

function compareDefinitions(before: Manifest, now: Manifest, report: Report): void {
  for (const kind of ['views', 'on_demand_views', 'entities', 'sources']) {
    const [old, current] = [named(before.definitions[kind]), named(now.definitions[kind])];
    for (const name of new Set([...old.keys(), ...current.keys()])) {
      if (equal(old.get(name), current.get(name))) continue;
      const how = !old.has(name) ? 'is new' : !current.has(name) ? 'is gone' : 'changed';
      report('definition', name, `the definition of ${name} ${how}`);
    }
  }
  if (!equal(before.definitions['training_set'], now.definitions['training_set']))
    report('definition', now.training_set, `the definition of ${now.training_set} changed`);
}

function compareSources(before: Manifest, now: Manifest, report: Report): void {
  const [old, current] = [named(before.sources), named(now.sources)] as Map<string, ManifestSource>[];
  for (const name of new Set([...old!.keys(), ...current!.keys()])) {
    const [former, source] = [old!.get(name), current!.get(name)];
    if (equal(former, source)) continue;
    const how = !former ? 'is new' : !source ? 'is gone' : `changed: ${sourceChange(former, source)}`;
    report('source', name, `source ${name} ${how}`);
  }
}

function sourceChange(former: ManifestSource, source: ManifestSource): string {
  const digests = new Map(former.files.map((file) => [file.path, file.sha256]));
  const changed = source.files.filter((file) => digests.get(file.path) !== file.sha256);
  const kept = new Set(source.files.map((file) => file.path));
  const gone = former.files.filter((file) => !kept.has(file.path));
  if (changed.length + gone.length > 0) return [...changed, ...gone].map((file) => file.path).join(', ');
  if (former.rows !== source.rows) return `${former.rows} rows, now ${source.rows}`;
  return 'its files are in another order';
}

function named(list: unknown): Map<string, unknown> {
  const items = Array.isArray(list) ? (list as { name?: unknown }[]) : [];
  return new Map(items.map((item) => [String(item.name), item]));
}

function equal(left: unknown, right: unknown): boolean {
  return canonicalJson(left ?? null) === canonicalJson(right ?? null);
}

function parseManifest(text: string): Manifest {
  try {
    const parsed = JSON.parse(text) as Partial<Manifest>;
    const complete =
      parsed.plumbline_manifest === MANIFEST_VERSION &&
      [
        parsed.sources,
        parsed.features,
        parsed.sql,
        parsed.columns,
        parsed.means ?? [],
        parsed.warnings,
      ].every(Array.isArray) &&
      [parsed.rows, parsed.spine_rows].every(Number.isInteger) &&
      [parsed.engine, parsed.definitions].every((part) => typeof part === 'object' && part !== null);
    if (complete) return parsed as Manifest;
  } catch (thrown) {
    throw notAManifest(thrown);
  }
  throw notAManifest(undefined);
}

function notAManifest(cause: unknown): PlumblineError {
  return new PlumblineError(
    'export.mismatch',
    `this is not a Plumbline manifest of version ${MANIFEST_VERSION}`,
    {
      hint: 'Export the training set again to make a new one.',
      cause,
    },
  );
}
