import { PlumblineError } from '../../errors';
import { runReplay } from '../../stream/replay';
import { NO_ROWS, type CellRunner } from '../context';
import { viewColumns } from '../used-columns';

/** Replays the whole log of a stream view, whatever the mode; its view and the log ran before. */
export const runReplayCell: CellRunner = async ({ host, catalog, options }, name) => {
  const replay = catalog.replays.get(name);
  const view = replay && catalog.views.get(replay.view);
  if (!replay || !view) throw new PlumblineError('notebook.unknown_cell', `No replay cell ${name}.`);
  const { signal, onProgress, replay: control } = options;
  const result = await runReplay(host.database, catalog, replay, {
    columns: viewColumns(catalog, view),
    now: () => host.now(),
    control,
    signal,
    onProgress,
  });
  return { ...NO_ROWS, rows: result.entities.compared - result.entities.equal, result };
};
