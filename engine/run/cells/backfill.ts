import { BackfillStopped, runBackfill } from '../../backfill/backfill';
import { planBackfill } from '../../backfill/plan';
import type { Backfill } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import type { BackfillResult } from '../../results';
import { CellStopped, NO_ROWS, type CellOutcome, type CellRunner, type RunContext } from '../context';
import { manifestSources } from '../manifest-sources';
import { neededCells } from '../topology';

/** Says which files are there and which are to do; writes them only where the options allow it. */
export const runBackfillCell: CellRunner = async (context, name) => {
  const backfill = context.catalog.backfills.get(name);
  if (!backfill) throw new PlumblineError('notebook.unknown_cell', `No backfill cell ${name}.`);
  const { host, catalog, options, dependencies } = context;
  const { signal, onProgress, write } = options;
  onProgress?.({ phase: 'reading the digests of the sources' });
  const sources = await manifestSources(context, name);
  const plan = await planBackfill(host.database, catalog, backfill, {
    version: host.version,
    sources: (view) => {
      const needed = neededCells([view], dependencies);
      return sources.filter((source) => needed.includes(source.name));
    },
    signal,
  });
  const { files, folder } = placeOf(context, backfill);
  try {
    const { database, writer, reader } = host;
    return outcomeOf(
      await runBackfill({ database, writer, reader, files }, plan, { folder, write, signal, onProgress }),
    );
  } catch (thrown) {
    if (thrown instanceof BackfillStopped) throw new CellStopped(outcomeOf(thrown.result), thrown.cause);
    throw thrown;
  }
};

/** As the cell says, or a folder of the same name in the host's export folder. */
function placeOf({ host }: RunContext, { out }: Backfill) {
  if (host.exports === null) return { files: host.files, folder: out };
  return { files: host.exports, folder: out.split('/').pop() ?? out };
}

function outcomeOf(result: BackfillResult): CellOutcome {
  const rows = result.partitions.reduce((sum, partition) => sum + (partition.rows ?? 0), 0);
  return { ...NO_ROWS, rows, result };
}
