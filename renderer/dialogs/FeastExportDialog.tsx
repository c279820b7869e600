import { useState } from 'react';
import type { FeastExport } from '../../engine/feast/export-repository';
import { formatCount } from '../app/format';
import { useApp, useAppStore } from '../store/context';
import { feastExportOptions, feastFolder } from '../store/feast-export';
import { DialogFrame } from './DialogFrame';
import { ErrorNotice } from './ErrorNotice';
import { progressText, useWork } from './use-work';

function Exported({ folder, done }: { folder: string; done: FeastExport }) {
  return (
    <section data-testid="feast-done">
      <p role="status">
        <strong>The Feast repository is in {folder}.</strong> Run <code>feast apply</code> there.
      </p>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>view</th>
              <th className="right">rows</th>
              <th>what the file holds</th>
            </tr>
          </thead>
          <tbody>
            {done.views.map(({ view, rows, snapshotAt }) => (
              <tr key={view}>
                <td>{view}</td>
                <td className="right">{formatCount(rows)}</td>
                <td className="dim">
                  {snapshotAt === null ? 'all rows' : `one snapshot, at ${snapshotAt.replace('T', ' ')}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {done.limits.map((limit) => (
        <div key={limit} className="store-warning">
          <i className="mark edited" /> {limit}
        </div>
      ))}
      {done.left.map(({ view, reason }) => (
        <div key={view} className="store-warning">
          <i className="mark edited" /> Without {view}: {reason}
        </div>
      ))}
    </section>
  );
}

/** Writes the notebook's Feast repository into the workspace. */
export function FeastExportDialog() {
  const store = useAppStore();
  const folder = useApp((state) => feastFolder(state.document.current?.file ?? ''));
  const [done, setDone] = useState<FeastExport | null>(null);
  const { progress, problem, stopped, start, stop } = useWork();
  const run = () =>
    start(async (session, options) => {
      setDone(null);
      const { catalog, ...what } = await feastExportOptions(store.getState);
      setDone(await session.exportFeast(catalog, { ...what, ...options }));
    });
  return (
    <DialogFrame title="Export as a Feast repository" testId="dialog-feast">
      <p className="dim">
        Runs every view and writes feature_store.yaml, features.py and one Parquet file per view into{' '}
        <code>{folder}</code>. Feature tables are written with all of their rows. Windows and dimensions, for
        which Feast has no words, are written as one snapshot of their values. No password is written.
      </p>
      <div className="inline-fields">
        {progress === null ? (
          <button className="button primary" data-testid="feast-run" onClick={() => void run()}>
            Export
          </button>
        ) : (
          <button className="button" data-testid="feast-stop" onClick={stop}>
            Stop
          </button>
        )}
      </div>
      {progress !== null && (
        <div className="dim numbers" role="status" data-testid="feast-progress">
          {progressText(progress)}
        </div>
      )}
      {stopped && (
        <div className="dim" role="status" data-testid="feast-stopped">
          Stopped. Parquet files that were whole by then are in the folder; features.py, which is written
          last, is as it was before.
        </div>
      )}
      <ErrorNotice error={problem} />
      {done !== null && <Exported folder={folder} done={done} />}
    </DialogFrame>
  );
}
