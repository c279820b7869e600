import { useEffect, useRef, useState } from 'react';
import { toErrorRecord } from '../../engine/errors';
import type { Loaded } from '../inspector/Inspector';

/**
 * Reads something that `key` names, anew whenever the key is another one; null while there is nothing to read. What
 * an older key still waits for is cancelled.
 */
export function useLoaded<T>(
  key: string | null,
  read: (signal: AbortSignal) => Promise<T> | null,
): Loaded<T> | null {
  const [loaded, setLoaded] = useState<{ key: string; outcome: Loaded<T> } | null>(null);
  const reader = useRef(read);
  useEffect(() => {
    reader.current = read;
  });
  useEffect(() => {
    if (key === null) return;
    const controller = new AbortController();
    const settle = (outcome: Loaded<T>) => {
      if (!controller.signal.aborted) setLoaded({ key, outcome });
    };
    reader
      .current(controller.signal)
      ?.then((value) => settle({ state: 'done', value }))
      .catch((thrown: unknown) => settle({ state: 'failed', error: toErrorRecord(thrown) }));
    return () => controller.abort();
  }, [key]);
  if (key === null) return null;
  return loaded?.key === key ? loaded.outcome : { state: 'loading' };
}
