import { describe, expect, it } from 'vitest';
import { analyse } from './analysis';
import { setCellBody, setMarkdown } from './edit';
import type { NotebookDocument } from './document';
import { parseNotebook } from './parse';

const TEXT = `---
plumbline: 1
---

# Title

\`\`\`yaml source events
files: events.parquet
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64, site: string }
\`\`\`

\`\`\`yaml view clicks
entity: user
source: events
description: What people clicked.
features:
  clicks_7d: { type: int64, window: 7d, count: "*", where: kind = 'click' }
  description: { type: int64, window: 7d, sum: size }
\`\`\`

\`\`\`sql query daily
SELECT ts::DATE AS day, count(*) AS n FROM events GROUP BY ALL
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, site, ts FROM events" }
timestamp: ts
features: [clicks:clicks_7d]
\`\`\`

\`\`\`yaml chart volume
data: daily
mark: line
\`\`\`
`;
const start = parseNotebook(TEXT, 'n.plumb.md').document;

/** The names of cells whose fingerprint an edit changes. */
function stale(edited: NotebookDocument): string[] {
  const before = analyse([start]).fingerprints;
  const after = analyse([edited]).fingerprints;
  return [...before.keys()].filter((name) => before.get(name) !== after.get(name));
}

function change(name: string, from: string | RegExp, to: string): string[] {
  const cell = start.blocks.find((block) => block.type === 'cell' && block.name === name);
  if (cell?.type !== 'cell') throw new Error(name);
  const body = cell.body.replace(from, to);
  expect(body).not.toBe(cell.body);
  return stale(setCellBody(start, cell.id, body));
}

describe('what an edit makes stale', () => {
  it.each([
    ['a comment in YAML', 'events', 'timestamp: ts', 'timestamp: ts # when it happened'],
    ['the order of keys', 'events', /(files.*)\n(timestamp.*)/, '$2\n$1'],
    ['quotes', 'events', 'events.parquet', '"events.parquet"'],
    [
      'block instead of flow style',
      'user',
      '{ user_id: int64, site: string }',
      '\n  user_id: int64\n  site: string',
    ],
    ['layout of SQL in YAML', 'clicks', "kind = 'click'", "kind  =  'click' /* only these */"],
    ['layout of a spine', 'train', 'SELECT user_id, site', 'SELECT  user_id , site'],
    ['a description', 'clicks', 'What people clicked.', 'Clicks.'],
    ['layout of SQL', 'daily', 'FROM events', '\n-- everything\nFROM events\n'],
  ])('nothing: %s', (_, cell, from, to) => {
    expect(change(cell, from, to)).toEqual([]);
  });

  it.each([
    ['a file', 'events', 'events.parquet', 'other.parquet', ['events', 'clicks', 'daily', 'train', 'volume']],
    ['a window', 'clicks', 'window: 7d', 'window: 14d', ['clicks', 'train']],
    ['a predicate', 'clicks', "'click'", "'CLICK'", ['clicks', 'train']],
    ['blanks inside a string', 'clicks', "'click'", "'cl ick'", ['clicks', 'train']],
    ['a feature that is called description', 'clicks', 'sum: size', 'max: size', ['clicks', 'train']],
    [
      'the order of join keys',
      'user',
      /(user_id: int64), (site: string)/,
      '$2, $1',
      ['user', 'clicks', 'train'],
    ],
    ['the order of features', 'clicks', /(  clicks_7d.*)\n(  description.*)/, '$2\n$1', ['clicks', 'train']],
    ['a query', 'daily', 'count(*)', 'sum(1)', ['daily', 'volume']],
    ['a chart', 'volume', 'mark: line', 'mark: bar', ['volume']],
    ['a training set', 'train', 'timestamp: ts', 'timestamp: t', ['train']],
  ])('the cell and what reads it: %s', (_, cell, from, to, expected) => {
    expect(change(cell, from, to)).toEqual(expected);
  });

  it('nothing: Markdown', () => {
    const [markdown] = start.blocks;
    expect(stale(setMarkdown(start, markdown?.id ?? '', '# Another title\n\nand more\n\n'))).toEqual([]);
  });
});

describe('dependencies', () => {
  it('are the cells that a cell reads directly', () => {
    expect(Object.fromEntries(analyse([start]).dependencies)).toEqual({
      events: [],
      user: [],
      clicks: ['user', 'events'],
      daily: ['events'],
      train: ['events', 'clicks'],
      volume: ['daily'],
    });
  });

  it('take a column that is called like a cell for a column where it would close a circle', () => {
    const text = '```sql query a\nSELECT b FROM range(3)\n```\n```sql query b\nSELECT a FROM a\n```\n';
    const analysis = analyse([parseNotebook(text, 'n.plumb.md').document]);
    expect(analysis.diagnostics).toEqual([]);
    expect(Object.fromEntries(analysis.dependencies)).toEqual({ a: [], b: ['a'] });
  });

  it('see through quotes, letters of either case and comma joins; not through strings, aliases and comments', () => {
    const source = (name: string) => `\`\`\`yaml source ${name}\nfiles: x\n\`\`\`\n`;
    const text =
      ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map(source).join('') +
      '```sql query q\nSELECT \'four\', x.five, 1 AS six /* seven */ FROM "one" x, TWO JOIN main.three USING (k) -- four\n```\n';
    const analysis = analyse([parseNotebook(text, 'n.plumb.md').document]);
    expect(analysis.dependencies.get('q')).toEqual(['one', 'three', 'two']);
  });
});
