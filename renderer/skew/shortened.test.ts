import { expect, test } from 'vitest';
import { shortened } from './shortened';

const texts = (...values: (string | null)[]) => shortened(values).map(({ text }) => text);

test('fractions lose digits that tell nothing; whole numbers and words stay', () => {
  expect(texts('0.7142857142857143', '0.75', '0.75')).toEqual(['0.71429', '0.75', '0.75']);
  expect(texts('9007199254740993', 'plus', null)).toEqual(['9007199254740993', 'plus', 'NULL']);
});

test('what differs is shown to differ', () => {
  expect(texts('0.3000001', '0.3000002', '0.3000002')).toEqual(['0.3000001', '0.3000002', '0.3000002']);
  expect(texts('0.1', '0.10000000149011612', '0.10000000149011612')).toEqual([
    '0.1',
    '0.100000001',
    '0.100000001',
  ]);
  expect(texts('NULL', null)).toEqual(['NULL', 'NULL']);
});

test('the exact value is kept', () => {
  expect(shortened(['0.7142857142857143', null])).toEqual([
    { text: '0.71429', exact: '0.7142857142857143' },
    { text: 'NULL', exact: 'NULL' },
  ]);
});
