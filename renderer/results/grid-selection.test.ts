import { expect, test } from 'vitest';
import { inRange, moveBy, rangeOf, toTsv } from './grid-selection';

const size = { rows: 1_000_000, columns: 5, page: 20 };
const from = { row: 10, column: 2 };
const move = (key: string, mod = false) => moveBy({ key, mod }, from, size);

test('keys move by cell, page and to the edges', () => {
  expect(move('ArrowDown')).toEqual({ row: 11, column: 2 });
  expect(move('ArrowDown', true)).toEqual({ row: 999_999, column: 2 });
  expect(move('PageUp')).toEqual({ row: 0, column: 2 });
  expect(move('PageDown')).toEqual({ row: 30, column: 2 });
  expect(move('Home')).toEqual({ row: 10, column: 0 });
  expect(move('End', true)).toEqual({ row: 999_999, column: 4 });
  expect(move('a')).toBeNull();
});

test('above the first row is the header, and an empty grid has nothing else', () => {
  expect(moveBy({ key: 'ArrowUp', mod: false }, { row: 0, column: 0 }, size)).toEqual({ row: -1, column: 0 });
  expect(moveBy({ key: 'End', mod: true }, { row: -1, column: 0 }, { ...size, rows: 0 })!.row).toBe(-1);
});

test('a range is the same whichever corner it began at', () => {
  const range = rangeOf({ anchor: { row: 5, column: 3 }, active: { row: 2, column: 1 } });
  expect(range).toEqual({ firstRow: 2, lastRow: 5, firstColumn: 1, lastColumn: 3 });
  expect(inRange(range, 3, 2)).toBe(true);
  expect(inRange(range, 6, 2)).toBe(false);
});

test('copied text is exact, and NULL differs from the empty text', () => {
  const columns = [
    { name: 'id', type: 'BIGINT' },
    { name: 'rate', type: 'DOUBLE' },
    { name: 'note', type: 'VARCHAR' },
  ];
  const rows = [
    { id: 9_007_199_254_740_993n, rate: 0.1 + 0.2, note: 'a\t"b"' },
    { id: null, rate: null, note: '' },
  ];
  expect(toTsv(columns, rows, true)).toBe(
    'id\trate\tnote\n9007199254740993\t0.30000000000000004\t"a\t""b"""\n\t\t""',
  );
});

test('a heading has the words of the screen, and values come by their column’s name', () => {
  const columns = [{ name: 'left', type: 'VARCHAR', title: 'train' }];
  expect(toTsv(columns, [{ left: 'a' }, { left: 'b' }], true)).toBe('train\na\nb');
});
