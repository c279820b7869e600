import type { OpenedNotebook, WorkspaceInfo } from '../../electron/contract';
import { toErrorRecord } from '../../engine/errors';
import type { NotebookDocument } from '../../engine/notebook/document';
import { parseNotebook } from '../../engine/notebook/parse';
import { cleanups, type SliceContext } from './slice';
import type { WorkspaceSlice } from './state';

/** The open folder and which notebook of it is shown. Opening runs nothing; the bundled sample's first start does. */
export function createWorkspaceSlice({ get, put, deps }: SliceContext): WorkspaceSlice {
  const stops = cleanups();

  const show = (notebook: OpenedNotebook) => {
    const text = notebook.backup?.text ?? notebook.text;
    get().document.load(parseNotebook(text, notebook.file), {
      sha256: notebook.sha256,
      savedText: notebook.text,
    });
    put('document', { restored: notebook.backup !== null });
    if (notebook.backup !== null)
      deps.notify('info', 'Unsaved changes of the last session were restored.', 'Save keeps them.');
  };
  const open = (info: WorkspaceInfo) => {
    get().runs.cancel();
    get().runs.forget(Object.keys(get().runs.byCell));
    put('workspace', { info, opening: false });
    show(info.notebook);
    void get().workspace.refreshRecent();
  };
  const opening = async (ask: () => Promise<WorkspaceInfo | null>) => {
    put('workspace', { opening: true });
    try {
      // What is unsaved here must be on disk before another notebook takes its place.
      await get().document.flushBackup();
      const info = await ask();
      if (info !== null) open(info);
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      deps.notify('error', error.message, error.hint);
    } finally {
      put('workspace', { opening: false });
    }
  };

  const report = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      deps.notify('error', error.message, error.hint);
    }
  };

  return {
    info: null,
    recent: [],
    version: '',
    platform: '',
    opening: true,
    initialize() {
      stops.add(deps.host.on('open-workspace', (info) => void opening(() => Promise.resolve(info))));
    },
    destroy: () => stops.run(),
    async start() {
      const info = await deps.host.call('app.info', {});
      put('workspace', { version: info.version, platform: info.platform });
      await get().settings.load();
      open(info.initial);
      void get()
        .connections.refresh()
        .catch(() => undefined);
      if (info.firstStart && info.initial.isSample) get().runs.runWhenReady();
    },
    openSample: () => opening(() => deps.host.call('workspace.openSample', {})),
    openDialog: () => opening(() => deps.host.call('workspace.openDialog', {})),
    resetSample: () => opening(() => deps.host.call('workspace.resetSample', {})),
    openDocs: () => report(() => deps.host.call('app.openExternal', { topic: 'docs' })),
    openRecent: (index) => opening(() => deps.host.call('workspace.openRecent', { index })),
    newDialog: () => opening(() => deps.host.call('workspace.newDialog', {})),
    async openNotebook(file) {
      const info = get().workspace.info;
      if (info === null) return;
      await opening(async () => ({ ...info, notebook: await deps.host.call('notebook.open', { file }) }));
    },
    adopt: (file) =>
      report(async () => {
        const absolutePath = deps.host.pathForFile(file);
        if (absolutePath === null) return;
        const adopted = await deps.host.call('files.adopt', { absolutePath });
        if (adopted === null) return;
        const name = (adopted.path.split('/').at(-1) ?? 'source').replace(/\.[^.]+$/, '');
        const at = get().document.current?.blocks.findIndex(
          (block) => block.type === 'cell' && block.kind !== 'source',
        );
        const id = get().document.insert(at === undefined || at < 0 ? 0 : at, {
          kind: 'source',
          name,
          language: 'yaml',
          body: `files: ${adopted.path}`,
        });
        get().selection.select(id, { mode: 'edit' });
        get().selection.goTo(blockName(get().document.current, id));
      }),
    async refreshRecent() {
      try {
        put('workspace', { recent: await deps.host.call('app.recent', {}) });
      } catch {
        put('workspace', { recent: [] });
      }
    },
  };
}

function blockName(document: NotebookDocument | null, id: string): string {
  const block = document?.blocks.find((other) => other.id === id);
  return block?.type === 'cell' ? block.name : '';
}
