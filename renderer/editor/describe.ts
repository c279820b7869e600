import type {
  Aggregation,
  Catalog,
  Feature,
  FeatureView,
  OnDemandFeature,
  OnDemandView,
  Source,
} from '../../engine/catalog/model';
import type { TimeWindow } from '../../engine/catalog/window';
import { isOnDemand } from '../../engine/catalog/feature-named';
import type { ColumnInfo } from '../../engine/database/database';

/** A view with rows, or one that is computed on demand. */
export type AnyView = FeatureView | OnDemandView;
export type AnyFeature = Feature | OnDemandFeature;

const MICROSECONDS = {
  w: 604_800_000_000n,
  d: 86_400_000_000n,
  h: 3_600_000_000n,
  m: 60_000_000n,
  s: 1_000_000n,
};

/** A whole number of microseconds in the largest unit that divides it: `7d`, `90m`; `0s` for nothing. */
export function durationText(microseconds: bigint): string {
  for (const [unit, size] of Object.entries(MICROSECONDS)) {
    if (unit !== 'w' && microseconds !== 0n && microseconds % size === 0n)
      return `${microseconds / size}${unit}`;
  }
  return microseconds === 0n ? '0s' : `${Number(microseconds) / 1e6}s`;
}

function aggregationText({ fn, of, where, parameter }: Aggregation): string {
  const list = parameter === undefined ? of : `${of}, ${parameter}`;
  return `${fn}(${list})` + (where === null ? '' : ` where ${where}`);
}

/** `7d`, and what is unusual about its edges: `7d, closed, 1h back`. */
export function windowText({ length, offset, boundary, session }: TimeWindow): string {
  const edges = boundary === 'half-open' ? '' : `, ${boundary}`;
  const open = session === undefined ? '' : `, open session (${durationText(session)})`;
  return `${durationText(length)}${edges}${offset === 0n ? '' : `, ${durationText(offset)} back`}${open}`;
}

/** How a feature is computed, in one line. */
export function definitionText(feature: AnyFeature): string {
  if ('expression' in feature) return feature.expression.trim().replace(/\s+/g, ' ');
  const { definition } = feature;
  switch (definition.kind) {
    case 'column':
      return `column ${definition.column}`;
    case 'aggregation':
      return `${aggregationText(definition.aggregation)} over ${windowText(definition.window)}`;
    case 'ratio':
      return `${aggregationText(definition.of)} / ${aggregationText(definition.over)} over ${windowText(definition.window)}`;
    case 'expression':
      return `${definition.expression} over ${windowText(definition.window)}`;
  }
}

export function defaultText({ default: policy }: AnyFeature): string {
  switch (policy.kind) {
    case 'none':
      return 'stays NULL';
    case 'zero':
      return 'default 0';
    case 'constant':
      return `default ${policy.value}`;
    case 'global_mean':
      return 'default the mean';
    case 'category_mean':
      return `default the mean by ${policy.by}`;
  }
}

/** Markdown for the hover over a feature. */
export function featureMarkdown(view: AnyView, feature: AnyFeature): string {
  const lines = [
    `**${view.name}:${feature.name}** \`${feature.type}\``,
    feature.description,
    `\`${definitionText(feature)}\`, ${defaultText(feature)}`,
    isOnDemand(view)
      ? 'computed on demand, after the join'
      : `entity ${view.entities.join(', ')}, from ${view.source}`,
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** What kind of view it is, in a few words. */
export function viewKindText(view: AnyView): string {
  if (isOnDemand(view)) return 'computed on demand';
  if (view.kind === 'aggregate') return 'computed from events';
  if (view.validity === null) return 'feature table';
  return `slowly changing dimension, ${view.validity.from} to ${view.validity.to}`;
}

export function viewMarkdown(view: AnyView): string {
  const rows = isOnDemand(view) ? '' : `, entity ${view.entities.join(', ')}, from ${view.source}`;
  const head = `**${view.name}** feature view, ${viewKindText(view)}${rows}`;
  const ttl = isOnDemand(view) || view.ttl === null ? '' : `ttl ${durationText(view.ttl)}`;
  const features = view.features.map((feature) => `- ${feature.name} \`${feature.type}\``).join('\n');
  return [head, view.description, ttl, features].filter((line) => line !== '').join('\n\n');
}

export function columnsMarkdown(columns: readonly ColumnInfo[]): string {
  const shown = columns.slice(0, 30).map(({ name, type }) => `- ${name} \`${type}\``);
  if (columns.length > shown.length) shown.push(`- ${columns.length - shown.length} more`);
  return shown.join('\n');
}

export function sourceMarkdown(source: Source, columns: readonly ColumnInfo[]): string {
  const known = source.availableAt === null ? '' : `, known from ${source.availableAt} on`;
  const time = source.timestamp === null ? '' : `event time ${source.timestamp} (UTC)${known}`;
  const head = `**${source.name}** source: ${source.files.join(', ')}`;
  return [head, source.description, time, columnsMarkdown(columns)]
    .filter((line) => line !== '')
    .join('\n\n');
}

export function findFeature(catalog: Catalog, view: string, name: string): [AnyView, AnyFeature] | null {
  const found: AnyView | undefined = catalog.views.get(view) ?? catalog.onDemandViews.get(view);
  const features: readonly AnyFeature[] = found?.features ?? [];
  const feature = features.find((candidate) => candidate.name === name);
  return found === undefined || feature === undefined ? null : [found, feature];
}
