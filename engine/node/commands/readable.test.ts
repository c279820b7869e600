import { expect, it } from 'vitest';
import { readableRow } from './readable';

it('turns times into text and leaves whole numbers alone', () => {
  const columns = [
    { name: 'id', type: 'BIGINT' },
    { name: 'at', type: 'TIMESTAMP' },
  ];
  expect(readableRow({ id: 7n, at: 0n, other: null }, columns)).toEqual({
    id: 7n,
    at: '1970-01-01T00:00:00.000000Z',
    other: null,
  });
});
