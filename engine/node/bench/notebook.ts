import { featureColumns, views } from './data';

const TYPES = { x: 'float64', n: 'int32' };
export const WINDOWS = ['1h', '7d', '30d'] as const;
const AGGREGATES = {
  count: ['int64', 'count: "*"'],
  sum: ['float64', 'sum: amount'],
  avg: ['float64', 'avg: amount'],
  max: ['float64', 'max: amount'],
} as const;

/** The features of the view of windows: three windows of four aggregates. */
export function windowColumns(): string[] {
  return WINDOWS.flatMap((window) => Object.keys(AGGREGATES).map((name) => `${name}_${window}`));
}

function cell(head: string, ...lines: string[]): string {
  return ['```yaml ' + head, ...lines, '```', ''].join('\n');
}

function source(name: string): string {
  return cell(`source ${name}`, `files: ${name}.parquet`, 'timestamp: event_timestamp');
}

function featureTable(name: string, from: string, index: number, ...more: string[]): string {
  const features = Object.entries(TYPES).map(
    ([letter, type]) => `  ${letter}${index}: { type: ${type}, column: ${letter}${index} }`,
  );
  return cell(`view ${name}`, 'entity: user', `source: ${from}`, ...more, 'features:', ...features);
}

function trainingSet(name: string, spine: string, refs: readonly string[], ...more: string[]): string {
  return cell(
    `training-set ${name}`,
    `spine: { sql: "SELECT user_id, event_timestamp, label FROM ${spine}" }`,
    'timestamp: event_timestamp',
    'label: label',
    `features: [${refs.map((ref) => `"${ref}"`).join(', ')}]`,
    ...more,
  );
}

const refs = (prefix: string): string[] =>
  featureColumns().map((column) => `${prefix}${column.slice(1)}:${column}`);

/**
 * The notebook that the benchmark runs. Sets: `as_of` (five feature tables with a ttl), `forever` (without, on the
 * smaller spine), `big` (one of them, on the long spine), `windows`.
 */
export const BENCH_NOTEBOOK = [
  '---\nplumbline: 1\n---\n',
  ...['events', 'spine', 'feast_spine', 'big_spine', ...views()].map(source),
  cell('entity user', 'join_keys: { user_id: int64 }'),
  ...views().map((name, index) => featureTable(`user_${name}`, name, index, 'ttl: 2d')),
  ...views().map((name, index) => featureTable(`forever_${name}`, name, index)),
  cell(
    'view user_events',
    'entity: user',
    'source: events',
    'features:',
    ...WINDOWS.flatMap((window) =>
      Object.entries(AGGREGATES).map(
        ([name, [type, how]]) => `  ${name}_${window}: { type: ${type}, window: ${window}, ${how} }`,
      ),
    ),
  ),
  trainingSet('as_of', 'spine', refs('user_daily')),
  trainingSet('forever', 'feast_spine', refs('forever_daily'), 'export: { file: forever.parquet }'),
  trainingSet('big', 'big_spine', ['user_daily0:x0', 'user_daily0:n0']),
  trainingSet(
    'windows',
    'spine',
    windowColumns().map((column) => `user_events:${column}`),
  ),
].join('\n');
