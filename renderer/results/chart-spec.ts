import type { ThemeColors } from './css-colors';
import type { GridRow } from './types';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value that Vega can compute with: bigint as number, everything else as it is. The one place for it. */
export function chartValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return null;
  if (Array.isArray(value)) return value.map(chartValue);
  return value;
}

export function chartRows(rows: readonly GridRow[]): GridRow[] {
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, chartValue(value)])),
  );
}

/** Colours that stay apart for colour-blind eyes (Okabe and Ito, "Color Universal Design", 2008), ours first. */
function categoryColors({ dark, train, serve }: ThemeColors): string[] {
  return [train, serve, '#009e73', '#cc79a7', dark ? '#56b4e9' : '#0072b2', '#d55e00', '#f0e442'];
}

/** Vega-Lite's config in the app's colours and type. */
export function chartConfig(colors: ThemeColors): Json {
  const text = { labelColor: colors.dim, titleColor: colors.dim, labelFontSize: 11, titleFontSize: 11 };
  return {
    background: 'transparent',
    font: "'Inter Variable', system-ui, sans-serif",
    view: { stroke: 'transparent' },
    title: { color: colors.dim, fontSize: 11, fontWeight: 500, anchor: 'start', offset: 8 },
    axis: {
      ...text,
      titleFontWeight: 400,
      domainColor: colors.line,
      tickColor: colors.line,
      gridColor: colors.line,
      gridOpacity: 0.7,
      labelOverlap: true,
    },
    axisX: { grid: false },
    legend: { ...text, titleFontWeight: 400, symbolStrokeWidth: 0, orient: 'top' },
    header: text,
    range: {
      category: categoryColors(colors),
      heatmap: { scheme: colors.dark ? 'viridis' : 'blues' },
      ramp: { scheme: colors.dark ? 'viridis' : 'blues' },
    },
    mark: { color: colors.train },
    bar: { color: colors.train },
    line: { strokeWidth: 1.5 },
    rule: { color: colors.faint },
    text: { color: colors.ink },
  };
}

const COMPOSED = ['facet', 'repeat', 'concat', 'hconcat', 'vconcat'];

/** Whether a specification is made of several plots, which lay themselves out and do not follow a width. */
export function isComposed(spec: Json): boolean {
  const encoding = isObject(spec['encoding']) ? spec['encoding'] : {};
  return (
    COMPOSED.some((key) => key in spec) || 'row' in encoding || 'column' in encoding || 'facet' in encoding
  );
}

/** Time in UTC: a scale, unit or tooltip that would otherwise follow the machine's zone. */
function utcChannel(channel: string, definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map((one) => utcChannel(channel, one));
  if (!isObject(definition)) return definition;
  const next: Json = { ...definition };
  const unit = next['timeUnit'];
  if (typeof unit === 'string' && !unit.startsWith('utc') && !unit.startsWith('binned'))
    next['timeUnit'] = `utc${unit}`;
  if (next['type'] !== 'temporal') return next;
  if ((channel === 'tooltip' || channel === 'text') && unit === undefined)
    next['timeUnit'] = 'utcyearmonthdatehoursminutesseconds';
  if (channel === 'x' || channel === 'y' || channel === 'color') {
    const scale = isObject(next['scale']) ? next['scale'] : {};
    if (next['scale'] !== null && scale['type'] === undefined) next['scale'] = { ...scale, type: 'utc' };
  }
  if ((channel === 'x' || channel === 'y') && !('title' in next) && typeof next['field'] === 'string')
    next['title'] = `${next['field']} (UTC)`;
  return next;
}

/** The same specification with every time in UTC, in all its layers and parts. */
export function inUtc(spec: Json): Json {
  return Object.fromEntries(
    Object.entries(spec).map(([key, value]) => {
      if (key === 'encoding' && isObject(value))
        return [
          key,
          Object.fromEntries(Object.entries(value).map(([name, one]) => [name, utcChannel(name, one)])),
        ];
      if (['layer', 'concat', 'hconcat', 'vconcat'].includes(key) && Array.isArray(value))
        return [key, value.map((part) => (isObject(part) ? inUtc(part) : part))];
      if (key === 'spec' && isObject(value)) return [key, inUtc(value)];
      return [key, value];
    }),
  );
}

/** The name under which a chart's rows are changed once it is drawn. */
export const ROWS = 'rows';

/** Pixels beside the title for what can be done with a chart. */
const TOOLS = 40;

export interface ChartInput {
  spec: Json;
  data: readonly GridRow[];
  title: string;
  /** Pixels, for a single plot. */
  width: number;
  height: number;
  /** Pixels that the title leaves to what stands beside it. */
  tools?: number;
  colors: ThemeColors;
}

/** The complete Vega-Lite specification: the user's, with rows, size, UTC and the app's look. */
export function chartSpec({ spec, data, title, width, height, tools = TOOLS, colors }: ChartInput): Json {
  const own = isObject(spec['config']) ? spec['config'] : {};
  const config = chartConfig(colors);
  const size = isComposed(spec)
    ? {}
    : { width, height, autosize: { type: 'fit', contains: 'padding', resize: false } };
  return {
    title,
    ...size,
    ...inUtc(spec),
    ...(isComposed(spec) ? {} : { width }),
    data: { name: ROWS, values: chartRows(data) },
    config: {
      ...config,
      title: { ...(config['title'] as Json), limit: Math.max(60, width - tools) },
      ...own,
      legend: { ...(config['legend'] as Json), ...(isObject(own['legend']) ? own['legend'] : {}) },
    },
  };
}
