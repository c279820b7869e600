import { expect, test } from 'vitest';
import type { CauseEdit } from '../../engine/skew/causes/attribution';
import { parseNotebook } from '../../engine/notebook/parse';
import { editedCells } from './cause-edits';
import { outPath } from './saved-file';

const { document } = parseNotebook(
  `\`\`\`yaml view rates
entity: user
ttl: 2d
features:
  rate: { type: float64, window: 7d, avg: x } # as agreed
\`\`\`

\`\`\`yaml source days
files: days.parquet
available_at: seen
\`\`\`
`,
  'n.plumb.md',
);
const label = 'Set';
const closed: CauseEdit = { cell: 'rates', path: ['features', 'rate', 'boundary'], value: 'closed', label };
const late: CauseEdit = { cell: 'days', path: ['available_at'], remove: true, label };

test('each cell is changed once, and the first line that is another one is told', () => {
  const cells = editedCells(document, [closed, late, { cell: 'rates', path: ['ttl'], remove: true, label }])!;
  expect(cells.map(({ name, line }) => [name, line])).toEqual([
    ['rates', 2],
    ['days', 1],
  ]);
  expect(cells[0]!.body).toBe(
    'entity: user\nfeatures:\n  rate: { type: float64, window: 7d, boundary: closed, avg: x } # as agreed',
  );
  expect(cells[1]!.body).toBe('files: days.parquet');
});

test('a cell of another file, or a place that is not there, changes nothing', () => {
  expect(editedCells(document, [closed, { ...closed, cell: 'elsewhere' }])).toBeNull();
  expect(editedCells(document, [{ ...late, path: ['features', 'gone', 'x'] }])).toBeNull();
});

test('files are named by what they show, within out/', () => {
  expect(outPath(['serving', 'User rate/../x', 'time'], 'png')).toBe('out/serving-user-rate-x-time.png');
  expect(outPath(['…'], 'svg')).toBe('out/chart.svg');
});
