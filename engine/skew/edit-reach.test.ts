import { expect, it } from 'vitest';
import { analyse } from '../notebook/analysis';
import { parseNotebook } from '../notebook/parse';
import type { SkewFeature } from '../results';
import type { CauseEdit } from './causes/attribution';
import { alsoChanged } from './edit-reach';
import { NO_NUMBERS } from './numbers';

const { catalog } = analyse([
  parseNotebook(
    `\`\`\`yaml source days
files: days.parquet
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view one
entity: user
source: days
ttl: 2d
features: { a: { type: int64, column: a }, b: { type: int64, column: b } }
\`\`\`

\`\`\`yaml view two
entity: user
source: days
features: { c: { type: int64, column: c } }
\`\`\`
`,
    'n.plumb.md',
  ).document,
]);

const feature = (ref: string, mismatches: number): SkewFeature => ({
  ...NO_NUMBERS,
  ref,
  column: ref.split(':')[1]!,
  compared: 10,
  mismatches,
  only_left: 0,
  only_right: 0,
  causes: [],
  segments: [],
});
const features = [feature('one:a', 3), feature('one:b', 0), feature('two:c', 0)];
const edit = (cell: string, ...path: string[]): CauseEdit => ({ cell, path, label: '', remove: true });

it('names the features that agree and share what is changed', () => {
  expect(catalog.views.size).toBe(2);
  expect(alsoChanged([edit('one', 'features', 'a', 'default')], 'one:a', features, catalog)).toEqual([]);
  expect(alsoChanged([edit('one', 'ttl')], 'one:a', features, catalog)).toEqual(['b']);
  expect(alsoChanged([edit('days', 'available_at')], 'one:a', features, catalog)).toEqual(['b', 'c']);
  const differing = features.map((one) => ({ ...one, mismatches: 1 }));
  expect(alsoChanged([edit('days', 'available_at')], 'one:a', differing, catalog)).toEqual([]);
});
