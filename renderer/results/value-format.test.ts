import { expect, test } from 'vitest';
import { showValue } from './value-format';

test('whole numbers beyond 2^53 are exact', () => {
  expect(showValue(9_007_199_254_740_993n, 'BIGINT').text).toBe('9007199254740993');
  expect(showValue('300.10', 'DECIMAL(18,2)').text).toBe('300.10');
});

test('fractions line up in the cell and are copied in full', () => {
  expect(showValue(0.1 + 0.2, 'DOUBLE')).toEqual({
    text: '0.3000',
    exact: '0.30000000000000004',
    isNull: false,
  });
  expect(showValue(0.000012345, 'DOUBLE').text).toBe('1.2345e-5');
  expect(showValue(7, 'INTEGER').text).toBe('7');
  expect(showValue(0, 'DOUBLE').text).toBe('0.0000');
});

test('NULL, the empty text and the word NULL are three things', () => {
  expect(showValue(null, 'VARCHAR')).toEqual({ text: 'NULL', exact: '', isNull: true });
  expect(showValue('', 'VARCHAR')).toEqual({ text: '', exact: '', isNull: false });
  expect(showValue('NULL', 'VARCHAR').isNull).toBe(false);
});
