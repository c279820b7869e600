import { expect, it } from 'vitest';
import { analyse } from '../notebook/analysis';
import { parseNotebook } from '../notebook/parse';
import { previewGraph, spineReads } from './spine-reads';
import { neededCells } from './topology';

const NOTEBOOK = (spine: string) => `---
plumbline: 1
---

\`\`\`yaml source events
files: events.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view activity
entity: user
source: events
features:
  n: { type: int64, window: 1d, count: "*" }
\`\`\`

\`\`\`yaml view twice
on_demand: true
features:
  m: { type: int64, expression: 2 * n }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: ${spine}
timestamp: ts
features: [twice:m]
\`\`\`
`;

const analysed = (spine: string) =>
  analyse([parseNotebook(new TextEncoder().encode(NOTEBOOK(spine)), 'a.plumb.md').document]);

it('a preview of a set runs the sources of its views, and not the views', () => {
  const analysis = analysed('SELECT user_id, ts FROM events');
  const { graph, passedOver } = previewGraph(analysis, analysis.dependencies);
  expect(neededCells(['train'], graph).sort()).toEqual(['events', 'train', 'user']);
  expect([...(passedOver.get('train') ?? [])].sort()).toEqual(['activity', 'twice']);
  expect(spineReads(analysis, analysis.catalog.trainingSets.get('train')!)).toEqual(['events']);
});

it('a view that the spine reads by name runs', () => {
  const analysis = analysed('SELECT user_id, ts FROM Activity');
  const { graph, passedOver } = previewGraph(analysis, analysis.dependencies);
  expect(neededCells(['train'], graph).sort()).toEqual(['activity', 'events', 'train', 'user']);
  expect(passedOver.get('train')).toEqual(['twice', 'activity']);
});
