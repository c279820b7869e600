import { useApp, useAppStore } from '../store/context';

/** What the user must know about the whole notebook before going on. */
export function Notices() {
  const store = useAppStore();
  const saveState = useApp((state) => state.document.saveState);
  const outside = useApp((state) => state.document.outside);
  const readOnly = useApp((state) => state.document.current?.readOnly ?? false);
  const engine = useApp((state) => state.engine.status);
  const engineError = useApp((state) => state.engine.error);
  return (
    <>
      {engine === 'failed' && engineError !== null && (
        <div className="notice" role="alert" data-testid="notice-engine">
          <span className="grow">
            {engineError.message} {engineError.hint} You can still read and edit.
          </span>
          <button className="button" onClick={() => void store.getState().engine.restart()}>
            Restart the engine
          </button>
        </div>
      )}
      {readOnly && (
        <div className="notice" role="status" data-testid="notice-read-only">
          This notebook is read-only: it was written by a newer version of Plumbline or is not text. Cells
          still run.
        </div>
      )}
      {saveState === 'conflict' && (
        <div className="notice" role="alert" data-testid="notice-outside">
          <span className="grow">
            The file was changed outside Plumbline while you were editing it. Your text here is backed up.
          </span>
          <button
            className="button"
            disabled={outside === null}
            onClick={() => store.getState().document.reloadFromDisk()}
          >
            Take the file’s text
          </button>
          <button className="button" onClick={() => store.getState().document.keepMine()}>
            Keep mine and save
          </button>
        </div>
      )}
    </>
  );
}
