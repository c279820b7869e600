import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from './analysis';
import { cellNames, featureRefs } from './cell-names';
import { parseNotebook } from './parse';
import { halfOpen } from '../catalog/window';

const DAY = 86_400_000_000n;

function notebook(name: string) {
  const text = readFileSync(join(import.meta.dirname, 'cases', name, 'notebook.plumb.md'), 'utf8');
  return parseNotebook(text, 'notebook.plumb.md').document;
}

describe('the catalog', () => {
  it('holds what the example of the format says, but for what is not yet supported', () => {
    const document = notebook('whole-format');
    const analysis = analyse([document]);
    const { sources, entities, views, lookups, queries, charts } = analysis.catalog;
    expect(sources.get('interactions')).toEqual({
      name: 'interactions',
      files: ['data/interactions/*.parquet'],
      timestamp: 'event_timestamp',
      availableAt: 'ingestion_timestamp',
      description: '',
    });
    expect(entities.get('user')?.joinKeys).toEqual([{ name: 'user_id', type: 'int64' }]);
    expect(views.get('user_engagement')).toEqual({
      name: 'user_engagement',
      kind: 'aggregate',
      entities: ['user'],
      source: 'interactions',
      timestamp: 'event_timestamp',
      validity: null,
      createdTimestamp: null,
      ttl: DAY,
      description: 'What the user did lately.',
      tags: { owner: 'ml-platform', freshness_sla: '24h' },
      features: [
        {
          name: 'user_7d_completion_rate',
          type: 'float64',
          definition: {
            kind: 'ratio',
            window: halfOpen(7n * DAY),
            of: { fn: 'count', of: '*', where: "event_type = 'completion'" },
            over: { fn: 'count', of: '*', where: "event_type = 'view'" },
          },
          default: { kind: 'constant', value: 0 },
          missingIndicator: false,
          description: '',
        },
        {
          name: 'user_30d_avg_session_min',
          type: 'float64',
          definition: {
            kind: 'aggregation',
            window: halfOpen(30n * DAY),
            aggregation: { fn: 'avg', of: 'duration_seconds / 60', where: null },
          },
          default: { kind: 'none' },
          missingIndicator: false,
          description: '',
        },
        {
          name: 'user_last_categories',
          type: 'string[]',
          definition: {
            kind: 'aggregation',
            window: halfOpen(30n * DAY),
            aggregation: { fn: 'last_n', of: 'category', where: null, parameter: 10 },
          },
          default: { kind: 'none' },
          missingIndicator: false,
          description: '',
        },
      ],
    });
    expect(lookups.get('one_user')).toEqual({
      name: 'one_user',
      redis: 'dev',
      project: 'streamrec',
      entities: [{ user_id: 42 }],
      features: [
        { view: 'user_engagement', feature: 'user_7d_completion_rate', column: 'user_7d_completion_rate' },
      ],
      calls: 200,
      budgetMs: 15,
    });
    expect(queries.get('daily_volume')?.sql).toMatch(/^SELECT event_timestamp::DATE AS day/);
    expect(charts.get('volume')).toMatchObject({ data: 'daily_volume', spec: { mark: 'line' } });
    expect(cellNames(analysis, ['view', 'query'])).toEqual([
      'user_engagement',
      'user_daily',
      'user_item',
      'daily_volume',
    ]);
    expect(featureRefs(analysis)).toContain('user_engagement:user_30d_avg_session_min');
  });

  it('names columns by the view where two features share a name', () => {
    const head =
      '```yaml source s\nfiles: [a, b]\ntimestamp: ts\n```\n```yaml entity e\njoin_keys: { id: string }\n```\n';
    const view = (name: string) =>
      `\`\`\`yaml view ${name}\nentity: e\nsource: s\nfeatures:\n  n: { type: int64, window: 1h, count: "*", default: zero }\n  ${name}_only: { type: int64, window: 1h, sum: x }\n\`\`\`\n`;
    const rest =
      '```yaml training-set t\nspine: { sql: SELECT * FROM s }\ntimestamp: ts\nlabel: y\nfeatures: [a:n, b:n, b:b_only]\nexport: { file: out/t.parquet }\n```\n' +
      '```yaml skew k\ntraining_set: t\nserving: { source: s }\ntolerance: { absolute: 1e-6 }\n```\n' +
      '```yaml materialize m\nviews: [a]\nstart: 2025-01-01\nend: 2025-01-02T00:00:00.000001Z\nredis: dev\nproject: p\n```\n';
    const analysis = analyse([parseNotebook(head + view('a') + view('b') + rest, 'n.plumb.md').document]);
    expect(analysis.diagnostics).toEqual([]);
    const { trainingSets, skews, materializations } = analysis.catalog;
    expect(trainingSets.get('t')).toEqual({
      name: 't',
      spineSql: 'SELECT * FROM s',
      timestamp: 'ts',
      label: 'y',
      features: [
        { view: 'a', feature: 'n', column: 'a__n' },
        { view: 'b', feature: 'n', column: 'b__n' },
        { view: 'b', feature: 'b_only', column: 'b_only' },
      ],
      export: { file: 'out/t.parquet', compression: 'zstd' },
    });
    expect(skews.get('k')).toEqual({
      name: 'k',
      trainingSet: 't',
      baseline: { kind: 'training', set: 't' },
      serving: { kind: 'source', source: 's', timestamp: null },
      within: 0n,
      tolerance: { absolute: 1e-6, relative: 1e-9 },
      segments: [],
      releases: [],
      limits: { mismatchRate: null, psi: null, nullRate: null, unmatchedRate: null },
    });
    expect(materializations.get('m')).toMatchObject({
      start: BigInt(Date.UTC(2025, 0, 1)) * 1000n,
      end: BigInt(Date.UTC(2025, 0, 2)) * 1000n + 1n,
    });
  });
});
