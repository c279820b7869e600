import { computedValues, type ComputedValues } from '../catalog/computed-values';
import { featureNamed } from '../catalog/feature-named';
import type { Catalog, LookupRequest } from '../catalog/model';
import { queryRows } from '../database/rows';
import { jsonScalar } from '../online/json-value';
import type { LookupAnswer, LookupValue } from '../results';
import { lookedUpLiteral, lookedUpSql, parameterLiteral } from '../sql/looked-up';
import type { FeatureMean } from '../sql/mean';
import { canonicalJson } from '../database/manifest-parts';
import type { BuiltTrainingSet } from '../training/training-set';
import type { RunContext } from './context';

type Row = LookupAnswer['rows'][number];

const refText = ({ view, feature }: { view: string; feature: string }): string => `${view}:${feature}`;

/** What a lookup has to ask the store for: the features listed, and those that others are computed from. */
export function storedFeatures(catalog: Catalog, values: ComputedValues): Map<string, string[]> {
  const features = new Map<string, string[]>();
  const add = (view: string, feature: string) => {
    const known = features.get(view) ?? [];
    if (!known.includes(feature)) features.set(view, [...known, feature]);
  };
  for (const { view, feature } of values.refs) {
    if (catalog.onDemandViews.has(view)) continue;
    add(view, feature);
    const policy = featureNamed(catalog, { view, feature })?.default;
    if (policy?.kind === 'category_mean') add(view, policy.by);
  }
  return features;
}

/** Puts the means that this session's training sets took where a value is NULL and its default is a mean. */
export function withMeans(context: RunContext, rows: readonly Row[]): Row[] {
  return rows.map((row) => {
    const features = { ...row.features };
    for (const [ref, found] of Object.entries(row.features)) {
      const mean = found.value === null ? meanOf(context, ref) : undefined;
      if (mean === undefined || mean.mean === null) continue;
      const category = mean.by === null ? undefined : row.features[`${ref.split(':')[0]}:${mean.by}`];
      // The category's own default has no say.
      const value = category === undefined || category.defaulted ? null : category.value;
      const own = mean.categories.find((one) => one.value === value)?.mean ?? mean.mean;
      const type = featureNamed(context.catalog, splitRef(ref))?.type;
      const number = type === 'float32' ? Math.fround(Number(own)) : own;
      features[ref] = { ...found, value: number, defaulted: true };
    }
    return { ...row, features };
  });
}

function splitRef(ref: string): { view: string; feature: string } {
  const [view = '', feature = ''] = ref.split(':');
  return { view, feature };
}

/** The mean that the set built last took, as long as the view means now what it meant then. */
function meanOf({ catalog, trainingSets }: RunContext, ref: string): FeatureMean | undefined {
  const { view } = splitRef(ref);
  const now = canonicalJson(catalog.views.get(view) ?? null);
  const built = [...trainingSets.values()].filter((one) => one.means.some((mean) => mean.ref === ref));
  const same = built.filter((one) => canonicalJson(one.views.get(view) ?? null) === now);
  return same.at(-1)?.means.find((mean) => mean.ref === ref);
}

/**
 * The rows of a lookup with exactly the features that its cell lists, in that order: on-demand ones are computed from
 * the stored values by the engine, with the SQL that training runs.
 */
export async function withOnDemand(
  context: RunContext,
  cell: LookupRequest,
  values: ComputedValues,
  rows: readonly Row[],
): Promise<Row[]> {
  const { catalog } = context;
  const asked = values.waves.flat();
  const parameters = parameterNames(catalog, cell, values);
  const found: Record<string, unknown>[] =
    asked.length === 0 || rows.length === 0
      ? []
      : await queryRows(context.host.database, statement(context, cell, values, rows, parameters), {
          signal: context.options.signal,
        });
  return rows.map((row, at) => ({
    entity: { ...row.entity, ...given(cell.entities[at] ?? {}, parameters) },
    features: Object.fromEntries(
      cell.features.map((ref, index): [string, LookupValue] => [
        refText(ref),
        catalog.onDemandViews.has(ref.view) ? computed(found[at], index) : row.features[refText(ref)]!,
      ]),
    ),
  }));
}

/** Keys of the entities that no view is joined by: whatever expressions name beside features. */
function parameterNames(catalog: Catalog, cell: LookupRequest, { refs, waves }: ComputedValues): string[] {
  const entities = refs.flatMap(({ view }) => catalog.views.get(view)?.entities ?? []);
  const keys = new Set(
    entities.flatMap((entity) => catalog.entities.get(entity)?.joinKeys ?? []).map(({ name }) => name),
  );
  const given = cell.entities.flatMap((entity) => Object.keys(entity)).filter((key) => !keys.has(key));
  const named = waves.flat().flatMap(({ feature }) => feature.parameters);
  return [...new Set([...named, ...given].map((name) => name.toLowerCase()))];
}

function statement(
  context: RunContext,
  cell: LookupRequest,
  { refs, waves }: ComputedValues,
  rows: readonly Row[],
  parameters: readonly string[],
): string {
  const places = refs.flatMap(({ view }, index) => (context.catalog.onDemandViews.has(view) ? [] : [index]));
  const types = parameterTypes(
    context,
    waves.flat().map(({ ref }) => refText(ref)),
  );
  return lookedUpSql({
    places,
    parameters,
    waves,
    rows: rows.map((row, at) => [
      ...places.map((index) => {
        const ref = refs[index]!;
        return lookedUpLiteral(row.features[refText(ref)]?.value, featureNamed(context.catalog, ref)!.type);
      }),
      ...parameters.map((name) =>
        parameterLiteral(given(cell.entities[at] ?? {}, [name])[name] ?? null, types.get(name)),
      ),
    ]),
  });
}

/** Types that the parameters had in the spines of sets that were built with these features: `5 // 2` depends on them. */
function parameterTypes({ catalog, trainingSets }: RunContext, refs: readonly string[]): Map<string, string> {
  const uses = ({ set }: BuiltTrainingSet): boolean =>
    computedValues(catalog, set.features).refs.some((ref) => refs.includes(refText(ref)));
  const columns = [...trainingSets.values()].filter(uses).flatMap((built) => built.columns);
  return new Map(columns.map(({ name, type }) => [name.toLowerCase(), type]));
}

function given(
  entity: Record<string, string | number | bigint>,
  names: readonly string[],
): Record<string, string | number | bigint> {
  const wanted = Object.entries(entity).filter(([key]) => names.includes(key.toLowerCase()));
  return Object.fromEntries(wanted.map(([key, value]) => [key.toLowerCase(), value]));
}

function computed(row: Record<string, unknown> | undefined, index: number): LookupValue {
  const [value, raw] = [row?.[`value_${index}`] ?? null, row?.[`raw_${index}`] ?? null];
  const json = (one: unknown): unknown =>
    Array.isArray(one) ? one.map(json) : one === null ? null : jsonScalar(one as number | bigint, false);
  return {
    value: json(value),
    status: raw === null ? 'null' : 'present',
    age_ms: null,
    defaulted: raw === null && value !== null,
  };
}
