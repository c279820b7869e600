import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { PageCache, type Order } from './page-cache';
import type { GridSource } from './types';

/** The page cache of a source under an order. The source's key stands for the source: an equal one changes nothing. */
export function usePageCache(source: GridSource, order: Order): PageCache {
  const [cache, setCache] = useState(() => new PageCache(source, order));
  const fits = cache.source.key === source.key && cache.order === order;
  const current = useMemo(
    () => (fits ? cache : PageCache.after(cache, source, order)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [cache, fits, source.key, order],
  );
  if (current !== cache) setCache(current);
  useEffect(() => () => current.dispose(), [current]);
  useSyncExternalStore(current.subscribe, current.version);
  return current;
}

/** Rows that meet the conditions; null while they are counted. Without conditions all of them, at once. */
export function useRowCount(source: GridSource, order: Order): number | null {
  const [counted, setCounted] = useState<{ key: string; order: Order; rows: number } | null>(null);
  useEffect(() => {
    if (order.filter.length === 0 || source.count === undefined) return;
    const request = new AbortController();
    source.count(order.filter, request.signal).then(
      (rows) => {
        if (!request.signal.aborted) setCounted({ key: source.key, order, rows });
      },
      () => {
        // The page that is asked for at the same time fails in the same way and is what gets shown.
        if (!request.signal.aborted) setCounted({ key: source.key, order, rows: 0 });
      },
    );
    return () => request.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source.key, order]);
  if (order.filter.length === 0) return source.rows;
  return counted !== null && counted.key === source.key && counted.order === order ? counted.rows : null;
}
