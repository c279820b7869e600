import { useEffect, useState } from 'react';
import type { ColumnProfile, GridSource } from './types';

interface Profiles {
  key: string;
  /** Columns whose profile was made for `key`; the others' are of an earlier run and will be replaced. */
  fresh: ReadonlySet<string>;
  byColumn: ReadonlyMap<string, ColumnProfile | null>;
}

/**
 * Profiles of the columns on screen, one at a time and only once `ready`, so that rows come first. A column whose
 * profile failed is not asked for again.
 */
export function useProfiles(
  source: GridSource,
  columns: readonly string[],
  ready: boolean,
): ReadonlyMap<string, ColumnProfile | null> {
  const [profiles, setProfiles] = useState<Profiles>({
    key: source.key,
    fresh: new Set(),
    byColumn: new Map(),
  });
  const fresh = profiles.key === source.key ? profiles.fresh : NONE;
  const next =
    ready && source.profile !== undefined ? columns.find((column) => !fresh.has(column)) : undefined;

  useEffect(() => {
    if (next === undefined) return;
    const request = new AbortController();
    const keep = (profile: ColumnProfile | null) => {
      if (request.signal.aborted) return;
      setProfiles((before) => {
        const done = before.key === source.key ? before.fresh : NONE;
        return {
          key: source.key,
          fresh: new Set(done).add(next),
          byColumn: new Map(before.byColumn).set(next, profile),
        };
      });
    };
    source.profile!(next, request.signal).then(keep, () => keep(null));
    return () => request.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source.key, next]);
  return profiles.byColumn;
}

const NONE: ReadonlySet<string> = new Set();
