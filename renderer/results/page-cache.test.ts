import { expect, test, vi } from 'vitest';
import { PAGE_ROWS, PageCache } from './page-cache';
import type { GridSource } from './types';

/** A source whose pages are answered by hand, in any order. */
function manualSource() {
  const requests: { start: number; signal: AbortSignal; answer(): void; fail(): void }[] = [];
  const source: GridSource = {
    key: 'k',
    rows: 1_000_000,
    columns: [{ name: 'n', type: 'BIGINT' }],
    page: (start, count, _sort, _filter, signal) =>
      new Promise((resolve, reject) =>
        requests.push({
          start,
          signal: signal!,
          answer: () => resolve(Array.from({ length: count }, (_, index) => ({ n: start + index }))),
          fail: () => reject(new Error('gone')),
        }),
      ),
  };
  return { source, requests };
}

const cacheOf = (source: GridSource) => new PageCache(source, { sort: null, filter: [] }, 0);

test('rows on screen are asked for page by page and told when they come', async () => {
  const { source, requests } = manualSource();
  const cache = cacheOf(source);
  const changed = vi.fn();
  cache.subscribe(changed);
  cache.want(190, 230);
  expect(requests.map(({ start }) => start)).toEqual([0, PAGE_ROWS]);
  expect(cache.row(195)).toBeUndefined();
  requests[0]!.answer();
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  expect(cache.row(195)).toEqual({ n: 195 });
});

test('a request for rows that left the screen is aborted and its answer ignored', async () => {
  const { source, requests } = manualSource();
  const cache = cacheOf(source);
  cache.want(0, 30);
  cache.want(500_000, 500_030);
  expect(requests[0]!.signal.aborted).toBe(true);
  requests[0]!.answer();
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(requests[1]!.start).toBe(500_000);
  expect(cache.row(0)).toBeUndefined();
});

test('a failure is kept until the next try', async () => {
  const { source, requests } = manualSource();
  const cache = cacheOf(source);
  cache.want(0, 30);
  requests[0]!.fail();
  await vi.waitFor(() => expect(cache.error).toBeInstanceOf(Error));
  cache.retry();
  expect(cache.error).toBeNull();
  requests[1]!.answer();
  await vi.waitFor(() => expect(cache.row(0)).toEqual({ n: 0 }));
});

test('pages far from the screen are forgotten', async () => {
  const { source, requests } = manualSource();
  const cache = cacheOf(source);
  for (let page = 0; page < 60; page++) {
    cache.want(page * PAGE_ROWS, page * PAGE_ROWS + 10);
    requests.at(-1)!.answer();
    await vi.waitFor(() => expect(cache.row(page * PAGE_ROWS)).toBeDefined(), { interval: 1 });
  }
  expect(cache.row(0)).toBeUndefined();
  expect(cache.row(59 * PAGE_ROWS)).toBeDefined();
});

test('a copy takes loaded rows, else asks for the whole range', async () => {
  const { source, requests } = manualSource();
  const cache = cacheOf(source);
  cache.want(0, 10);
  requests[0]!.answer();
  await vi.waitFor(() => expect(cache.hasRows).toBe(true));
  expect(await cache.rows(2, 3)).toEqual([{ n: 2 }, { n: 3 }]);
  const far = cache.rows(100, 300);
  requests[1]!.answer();
  expect(await far).toHaveLength(201);
});
