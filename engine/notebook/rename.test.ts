import { describe, expect, it } from 'vitest';
import { analyse } from './analysis';
import { parseNotebook } from './parse';
import { printNotebook } from './print';
import { renameWithReferences } from './rename';
import { namePlaces } from './sql-places';

const NOTEBOOK = `# Text about starts

\`\`\`yaml source starts
files: data/starts.parquet # starts
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view engagement
entity: [user]   # who
source: "starts"
features:
  starts: { type: int64, window: 7d, count: "*", default: zero }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: |
    -- all starts
    SELECT starts.user_id, ts, label
    FROM starts
timestamp: ts
label: label
features:
  - engagement:starts
\`\`\`

\`\`\`yaml skew serving
training_set: train
serving: { source: starts }
\`\`\`

\`\`\`yaml audit theirs
file: theirs.parquet
training_set: train
columns: { n: engagement:starts }
\`\`\`

\`\`\`sql query counted
SELECT count(*) AS starts FROM "starts" JOIN train ON train.user_id = "starts".user_id
\`\`\`

\`\`\`yaml chart drawn
data: counted
spec: { mark: bar }
\`\`\`
`;

function renamed(name: string, to: string) {
  const { document } = parseNotebook(NOTEBOOK, 'n.plumb.md');
  const block = document.blocks.find((one) => one.type === 'cell' && one.name === name);
  return { before: document, ...renameWithReferences(document, block?.id ?? '', to) };
}

describe('renaming a cell', () => {
  it('renames where the cell is named, and nothing else', () => {
    const { document, changed } = renamed('starts', 'begun');
    expect(changed).toEqual(['engagement', 'train', 'serving', 'counted']);
    expect(printNotebook(document)).toBe(
      NOTEBOOK.replace('source starts', 'source begun')
        .replace('source: "starts"', 'source: "begun"')
        .replace('SELECT starts.user_id', 'SELECT begun.user_id')
        .replace('FROM starts', 'FROM begun')
        .replace('source: starts', 'source: begun')
        .replace('FROM "starts"', 'FROM "begun"')
        .replace('"starts".user_id', '"begun".user_id'),
    );
  });

  it.each([
    ['user', 'person', ['engagement']],
    ['engagement', 'activity', ['train', 'theirs']],
    ['train', 'training', ['serving', 'theirs', 'counted']],
    ['counted', 'sums', ['drawn']],
  ])('renames %s where its kind can stand', (name, to, cells) => {
    const { before, document, changed } = renamed(name, to);
    expect(changed).toEqual(cells);
    const edges = (analysis: ReturnType<typeof analyse>) =>
      [...analysis.dependencies].map(([cell, needs]) => [cell, [...needs].sort()] as const);
    const mapped = edges(analyse([before])).map(([cell, needs]) => [
      cell === name ? to : cell,
      needs.map((need) => (need === name ? to : need)).sort(),
    ]);
    expect(edges(analyse([document]))).toEqual(mapped);
  });

  it('leaves cells alone that are to be kept, and gives back a document without that cell', () => {
    const { document } = parseNotebook(NOTEBOOK, 'n.plumb.md');
    const user = document.blocks.find((one) => one.type === 'cell' && one.name === 'user')!;
    expect(renameWithReferences(document, user.id, 'person', new Set(['engagement'])).changed).toEqual([]);
    expect(renameWithReferences(document, 'nothing', 'x')).toEqual({ document, changed: [] });
  });
});

describe('renaming a view that on-demand features name', () => {
  it('changes `view__feature` in expressions, and no name that only looks like it', () => {
    const { document } = parseNotebook(
      `\`\`\`yaml view act
entity: user
source: events
features:
  rate: { type: float64 }
\`\`\`

\`\`\`yaml view pair
on_demand: true
features:
  twice: { type: float64, expression: act__rate * 2 + act__other + "act__rate" -- act__rate }
\`\`\`
`,
      'n.plumb.md',
    );
    const view = document.blocks.find((one) => one.type === 'cell' && one.name === 'act')!;
    const renamed = renameWithReferences(document, view.id, 'acts');
    expect(renamed.changed).toEqual(['pair']);
    expect(printNotebook(renamed.document)).toContain(
      'expression: acts__rate * 2 + act__other + "acts__rate" -- act__rate',
    );
  });
});

describe('places of a name in SQL', () => {
  const places = (sql: string) => namePlaces(sql, 'a').map(({ start, end }) => `${start}-${end}`);

  it('finds relations and the columns of them', () => {
    expect(places('SELECT a.x FROM a JOIN b ON b.x = a.x')).toEqual(['7-8', '16-17', '34-35']);
    expect(places('SELECT x FROM main.a')).toEqual(['19-20']);
  });

  it('tells a relation from an alias, a column and a name of its own', () => {
    expect(places('SELECT a.x FROM a AS a')).toEqual(['16-17']);
    expect(places('SELECT a.x FROM b a')).toEqual([]);
    expect(places('SELECT a.x FROM (SELECT 1 AS x) AS a JOIN a ON a.x = 1')).toEqual(['42-43']);
    expect(places('SELECT a.x, sum(x) AS a FROM a')).toEqual(['7-8', '29-30']);
    expect(places('SELECT b.a FROM b')).toEqual([]);
    expect(places('WITH a AS (SELECT 1) SELECT * FROM a')).toEqual([]);
  });
});
