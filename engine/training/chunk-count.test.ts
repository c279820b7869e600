import { expect, it } from 'vitest';
import { chunkCount, type PartSize } from './chunk-count';

const GIB = 1024 ** 3;
const part = (more: Partial<PartSize>): PartSize => ({
  sourceRows: 10_000_000,
  sourceBytes: 240_000_000,
  spineRows: 1_000_000,
  loaded: true,
  ...more,
});

it.each<[string, Partial<PartSize>, number, number]>([
  ['small work stays', { sourceRows: 1_000_000, sourceBytes: 24_000_000 }, 7, 0],
  ['one more engine gains nothing where memory is enough', {}, 1, 0],
  ['every engine has a chunk', {}, 3, 3],
  ['memory asks for more chunks than engines, in whole rounds', { sourceBytes: 3.5 * GIB }, 3, 6],
  ['memory asks for chunks with one engine too', { sourceBytes: 2 * GIB }, 1, 3],
  ['a long spine is cut', { spineRows: 10_000_000 }, 1, 3],
  [
    'a source that is not loaded goes over the pool however small the spine',
    { loaded: false, spineRows: 5 },
    1,
    1,
  ],
])('%s', (_, size, engines, chunks) => {
  expect(chunkCount(part(size), engines, 3.1 * GIB)).toBe(chunks);
});
