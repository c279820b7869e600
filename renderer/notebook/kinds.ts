import type { CellKind } from '../../engine/notebook/document';

/** What a kind is called on screen, and its place in the insert menu. */
export interface KindInfo {
  kind: CellKind | 'markdown';
  label: string;
  hint: string;
  language: 'yaml' | 'sql' | 'markdown';
  /** The first free name is made from it. */
  name: string;
  /** Names in braces are replaced by what the notebook has: see `fillTemplate`. */
  template: string;
}

export const KINDS: readonly KindInfo[] = [
  {
    kind: 'markdown',
    label: 'Markdown',
    hint: 'text',
    language: 'markdown',
    name: '',
    template: '',
  },
  {
    kind: 'query',
    label: 'SQL query',
    hint: 'sources, views, training sets and queries by name',
    language: 'sql',
    name: 'query',
    template: 'SELECT *\nFROM {source}\nLIMIT 100',
  },
  {
    kind: 'source',
    label: 'Source',
    hint: 'Parquet, CSV or JSON files with an event time',
    language: 'yaml',
    name: 'events',
    template: 'files: {file}\ntimestamp: {timestamp}',
  },
  {
    kind: 'entity',
    label: 'Entity',
    hint: 'what features are about, by join keys',
    language: 'yaml',
    name: 'user',
    template: 'join_keys: { user_id: int64 }',
  },
  {
    kind: 'view',
    label: 'Feature view',
    hint: 'features of an entity from one source',
    language: 'yaml',
    name: 'features',
    template: [
      'entity: {entity}',
      'source: {source}',
      'features:',
      '  {entity}_7d_events:',
      '    type: int64',
      '    window: 7d                 # [t-7d, t)',
      '    count: "*"',
      '    default: 0',
    ].join('\n'),
  },
  {
    kind: 'training-set',
    label: 'Training set',
    hint: 'a spine with point-in-time-correct features',
    language: 'yaml',
    name: 'train',
    template: [
      'spine:',
      '  sql: |',
      '    SELECT *',
      '    FROM {source}',
      'timestamp: {timestamp}',
      'features:',
      '  - {feature}',
    ].join('\n'),
  },
  {
    kind: 'skew',
    label: 'Skew',
    hint: 'a training set against a serving log',
    language: 'yaml',
    name: 'skew',
    template: 'training_set: {training-set}\nserving: { source: {source} }\ntolerance: { absolute: 1e-9 }',
  },
  {
    kind: 'drift',
    label: 'Drift',
    hint: 'features over windows of time against a reference',
    language: 'yaml',
    name: 'drift',
    template: 'training_set: {training-set}\nevery: 1d',
  },
  {
    kind: 'audit',
    label: 'Audit',
    hint: 'a training file made elsewhere against the definitions',
    language: 'yaml',
    name: 'audit',
    template: 'file: {file}\ntraining_set: {training-set}',
  },
  {
    kind: 'materialize',
    label: 'Materialize',
    hint: 'write the newest values to Redis, after a dry run and your yes',
    language: 'yaml',
    name: 'to_redis',
    template: 'views: [{view}]\nend: max\nredis: {redis}\nproject: {project}',
  },
  {
    kind: 'backfill',
    label: 'Backfill',
    hint: 'write values at a grid of dates to partitioned Parquet',
    language: 'yaml',
    name: 'history',
    template: 'views: [{view}]\nstart: 2025-01-01\nend: max\nevery: 1d\nout: out/{view}',
  },
  {
    kind: 'replay',
    label: 'Replay',
    hint: 'consume a stream in order of arrival and compare with the batch source',
    language: 'yaml',
    name: 'replay',
    template: 'view: {stream-view}\ndelay: 15m\nend: max',
  },
  {
    kind: 'lookup',
    label: 'Lookup',
    hint: 'read online values back, with age and latency',
    language: 'yaml',
    name: 'lookup',
    template: 'redis: {redis}\nentities: [{ {join-key}: 1 }]\nfeatures: [{feature}]',
  },
  {
    kind: 'chart',
    label: 'Chart',
    hint: 'Vega-Lite over a query, source, view or training set',
    language: 'yaml',
    name: 'chart',
    template: [
      'data: {query}',
      'mark: line',
      'encoding:',
      '  x: { field: {timestamp}, type: temporal }',
      '  y: { aggregate: count, type: quantitative }',
    ].join('\n'),
  },
];

const BY_KIND = new Map(KINDS.map((info) => [info.kind as string, info]));

export function kindInfo(kind: string): KindInfo | undefined {
  return BY_KIND.get(kind);
}

/** The kind in words; an unknown one says its own name. */
export function kindLabel(kind: string): string {
  const label = BY_KIND.get(kind)?.label;
  return label === undefined ? kind : label.startsWith('SQL') ? label : label.toLowerCase();
}
