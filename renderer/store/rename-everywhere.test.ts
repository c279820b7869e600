import { expect, test } from 'vitest';
import { parseNotebook } from '../../engine/notebook/parse';
import { printNotebook } from '../../engine/notebook/print';
import { renameEverywhere } from './rename-everywhere';

const cell = (name: string, sql: string) => `\`\`\`sql query ${name}\n${sql}\n\`\`\`\n`;
const parse = (text: string, file = 'n.plumb.md') => parseNotebook(text, file).document;
const rename = (text: string, included = '') => {
  const document = parse(text);
  return renameEverywhere(
    document,
    included === '' ? [] : [parse(included, 'other.plumb.md')],
    document.blocks[0]!.id,
    'b',
  );
};

test('a reference that is certain is renamed with its cell', () => {
  const { document, changed, broken } = rename(cell('a', 'SELECT 1') + cell('c', 'SELECT * FROM a'));
  expect(printNotebook(document)).toBe(cell('b', 'SELECT 1') + cell('c', 'SELECT * FROM b'));
  expect({ changed, broken }).toEqual({ changed: ['c'], broken: [] });
});

test('a cell that would lose what it needs keeps its text and is named', () => {
  const sql = 'SELECT * FROM x, a';
  const { document, changed, broken } = rename(cell('a', 'SELECT 1') + cell('c', sql));
  expect(printNotebook(document)).toBe(cell('b', 'SELECT 1') + cell('c', sql));
  expect({ changed, broken }).toEqual({ changed: [], broken: ['c'] });
});

test('a cell of an included file is named, not written', () => {
  expect(rename(cell('a', 'SELECT 1'), cell('c', 'SELECT * FROM a')).broken).toEqual(['c']);
});
