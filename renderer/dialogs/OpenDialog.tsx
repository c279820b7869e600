import { FilePlus2, FolderOpen, Sparkles } from 'lucide-react';
import { useApp, useAppStore } from '../store/context';
import { DialogFrame } from './DialogFrame';

/** Recent notebooks, the other notebooks of the workspace, open, new, and the sample. */
export function OpenDialog() {
  const store = useAppStore();
  const recent = useApp((state) => state.workspace.recent);
  const info = useApp((state) => state.workspace.info);
  const current = useApp((state) => state.document.current?.file);
  const { workspace, dialogs } = store.getState();
  const act = (open: () => Promise<void>) => () => {
    dialogs.close();
    void open();
  };
  const others = (info?.notebooks ?? []).filter((file) => file !== current);
  return (
    <DialogFrame title="Open" testId="dialog-open">
      <div style={{ display: 'flex', gap: 8 }}>
        <button className="button" onClick={act(workspace.openDialog)}>
          <FolderOpen size={13} /> Open notebook…
        </button>
        <button className="button" onClick={act(workspace.newDialog)}>
          <FilePlus2 size={13} /> New notebook…
        </button>
        <button className="button" onClick={act(workspace.openSample)}>
          <Sparkles size={13} /> Sample workspace
        </button>
      </div>
      {others.length > 0 && <h3 className="group-title">In {info?.folderName}</h3>}
      {others.map((file) => (
        <button key={file} className="problem" onClick={act(() => workspace.openNotebook(file))}>
          {file}
        </button>
      ))}
      <h3 className="group-title">Recent</h3>
      {recent.length === 0 && <div className="dim">Notebooks that you open are listed here.</div>}
      {recent.map((entry, index) => (
        <button
          key={`${entry.folder} ${entry.notebook}`}
          className="problem"
          onClick={act(() => workspace.openRecent(index))}
        >
          <span className="grow">
            {entry.notebook}
            <span className="dim" style={{ display: 'block' }}>
              {entry.folder}
            </span>
          </span>
          <span className="dim">
            {new Date(entry.openedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC
          </span>
        </button>
      ))}
    </DialogFrame>
  );
}
