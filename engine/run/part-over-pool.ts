import { loadSource } from '../database/source-loader';
import { PlumblineError } from '../errors';
import { chunkedPart } from '../training/chunked-part';
import { buildPartHere, type PartBuilder } from '../training/part-builder';
import type { RunContext } from './context';
import { viewColumns } from './used-columns';

/** How a whole run computes each view's part: over the pool of engines where the host has one. */
export function partOverPool({ host, catalog, sources }: RunContext): PartBuilder {
  const { pool, files, reader } = host;
  if (pool === null) return buildPartHere;
  return chunkedPart({
    pool,
    loaded(name) {
      const loaded = sources.get(name);
      if (loaded) return loaded;
      throw new PlumblineError('internal', `Source ${name} was not loaded before its view was computed.`);
    },
    async loadChunk(db, view, { filter, signal }) {
      const source = catalog.sources.get(view.source)!;
      const columns = filter === null ? new Set([view.timestamp.toLowerCase()]) : viewColumns(catalog, view);
      await loadSource(db, files, reader, source, { columns, signal, ...(filter ? { filter } : {}) });
    },
  });
}
