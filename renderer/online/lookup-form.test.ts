import { expect, it } from 'vitest';
import { analyse } from '../../engine/notebook/analysis';
import { parseNotebook } from '../../engine/notebook/parse';
import { firstDraft, lookupFeatures, lookupRequest, neededKeys, type LookupDraft } from './lookup-form';

const TEXT = `---
plumbline: 1
---

\`\`\`yaml source rows
files: rows.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml entity item
join_keys: { item: string }
\`\`\`

\`\`\`yaml view stats
entity: [user, item]
source: rows
features:
  clicks: { type: int64 }
\`\`\`

\`\`\`yaml view live
on_demand: true
features:
  scaled: { type: float64, expression: clicks * factor }
\`\`\`

\`\`\`yaml materialize push
views: [stats]
end: max
redis: dev
project: shop
\`\`\`
`;
const { catalog } = analyse([parseNotebook(TEXT, 'a.plumb.md').document]);

it('begins with what the first materialize cell writes', () => {
  const draft = firstDraft(catalog, ['other']);
  expect(draft).toMatchObject({ redis: 'dev', project: 'shop', features: ['stats:clicks'] });
  expect(firstDraft(undefined, ['other']).redis).toBe('other');
  expect(lookupFeatures(catalog).map(({ view }) => view)).toEqual(['stats', 'live']);
});

it('reads one entity a line, join keys as typed and parameters of expressions as numbers', () => {
  const draft: LookupDraft = {
    ...firstDraft(catalog, []),
    features: ['live:scaled'],
    entities: '42, shoes, 1.5\n\n9007199254740993\ta, b\t-2',
  };
  expect(neededKeys(catalog, draft.features)).toEqual(['user_id', 'item', 'factor']);
  const request = lookupRequest(catalog, draft);
  expect(request.entities).toEqual([
    { user_id: '42', item: 'shoes', factor: 1.5 },
    { user_id: '9007199254740993', item: 'a, b', factor: -2 },
  ]);
  expect(request).toMatchObject({ calls: 200, budgetMs: 15, project: 'shop' });
});

it.each([
  [{ redis: '' }, 'No connection'],
  [{ project: '' }, 'project is missing'],
  [{ features: [] }, 'No feature'],
  [{ entities: ' \n' }, 'No entity'],
  [{ entities: '42' }, 'Line 1 has 1 value instead of 2'],
  [{ calls: '0' }, 'Calls'],
  [{ budget: 'x' }, 'budget'],
])('refuses %j', (fields: Partial<LookupDraft>, message) => {
  const draft = { ...firstDraft(catalog, []), entities: '42,a', ...fields };
  expect(() => lookupRequest(catalog, draft)).toThrow(message);
});
