import type { NotebookDocument } from '../../engine/notebook/document';
import { printNotebook } from '../../engine/notebook/print';
import { reparse } from '../../engine/notebook/reparse';
import { toErrorRecord } from '../../engine/errors';
import { documentEdits, type Deleted } from './document-edits';
import { readIncludes } from './includes';
import { Persistence, type PersistenceState } from './persistence';
import { cleanups, type SliceContext } from './slice';
import type { DocumentSlice } from './state';
import { emptyStack, record, redo, undo, type UndoStack } from './undo-stack';

/** The open notebook: its immutable document, the commands that changed it, and where it stands on disk. */
export function createDocumentSlice(context: SliceContext): DocumentSlice {
  const { get, put, watch, deps } = context;
  const stops = cleanups();
  let stack: UndoStack<NotebookDocument> = emptyStack();
  let deleted: Deleted[][] = [];
  let persistence: Persistence | null = null;

  const show = (current: NotebookDocument) => {
    const before = get().document.current;
    put('document', { current, canUndo: stack.past.length > 0, canRedo: stack.future.length > 0 });
    forgetGone(context, before, current);
    persistence?.changed();
  };
  const commit = (label: string, after: NotebookDocument, group: string | null = null) => {
    const before = get().document.current;
    if (before === null || before.readOnly || after === before) return;
    stack = record(stack, { label, before, after, group, at: deps.clock.now() });
    show(after);
  };
  const onState = (state: PersistenceState) => {
    const kept = get().document.outside;
    if (state.kind === 'failed') {
      put('document', { saveState: 'failed', saveError: toErrorRecord(state.error) });
      deps.notify('error', state.error.message, state.error.hint);
    } else if (state.kind === 'conflict') {
      put('document', { saveState: 'conflict' });
      if (kept === null) void fetchOutside();
    } else put('document', { saveState: state.kind, saveError: null });
  };
  const fetchOutside = async () => {
    const file = get().document.current?.file;
    if (file === undefined) return;
    try {
      put('document', { outside: await deps.host.call('notebook.read', { file }) });
    } catch {
      // The file is gone: saving by force writes it anew.
      put('document', { outside: null });
    }
  };
  const takeFromDisk = (text: string, sha256: string) => {
    const current = get().document.current;
    if (current === null) return;
    const parsed = reparse(current, text);
    stack = record(stack, {
      label: 'reload',
      before: current,
      after: parsed.document,
      group: null,
      at: deps.clock.now(),
    });
    persistence?.rebase(text, sha256);
    put('document', { outside: null, fileDiagnostics: parsed.diagnostics });
    show(parsed.document);
  };
  const onFileChanged = async (path: string, sha256: string | null) => {
    const { current } = get().document;
    if (current === null || persistence === null) return;
    if (path !== current.file) {
      if (get().document.included.some((document) => document.file === path)) await refreshIncludes(current);
      return;
    }
    if (persistence.knows(sha256) || sha256 === null) return;
    if (persistence.outsideChange(sha256)) return fetchOutside();
    const read = await deps.host.call('notebook.read', { file: path });
    if (persistence.outsideChange(read.sha256)) return put('document', { outside: read });
    takeFromDisk(read.text, read.sha256);
  };
  const refreshIncludes = async (document: NotebookDocument) => {
    const included = await readIncludes(deps.host, document).catch(() => []);
    if (get().document.current?.file === document.file) put('document', { included });
  };

  return {
    current: null,
    included: [],
    fileDiagnostics: [],
    saveState: 'saved',
    saveError: null,
    outside: null,
    restored: false,
    canUndo: false,
    canRedo: false,
    initialize() {
      stops.add(
        deps.host.on('file-changed', ({ path, sha256 }) => {
          void onFileChanged(path, sha256).catch((thrown: unknown) => {
            deps.notify('error', toErrorRecord(thrown).message);
          });
        }),
      );
      stops.add(
        deps.host.on(
          'flush-backup',
          () =>
            void get()
              .document.flushBackup()
              .catch(() => undefined),
        ),
      );
      stops.add(
        watch(
          (state) => state.document.saveState !== 'saved' && state.document.saveState !== 'read-only',
          (edited) => void deps.host.call('notebook.edited', { edited }).catch(() => undefined),
        ),
      );
    },
    destroy() {
      persistence?.stop();
      stops.run();
    },
    load({ document, diagnostics }, base) {
      persistence?.stop();
      stack = emptyStack();
      deleted = [];
      const file = document.file;
      persistence = new Persistence(
        () => {
          const now = get().document.current;
          return now === null ? base.savedText : printNotebook(now);
        },
        {
          save: (text, expectedSha256, force) =>
            deps.host.call('notebook.save', { file, text, expectedSha256, force }),
          backup: async (text, baseSha256) => {
            await deps.host.call('notebook.backup', { file, text, baseSha256 });
          },
          onState,
          autosave: () => get().settings.values.autosave,
        },
        deps.clock,
        { savedText: base.savedText, sha256: base.sha256 },
      );
      put('document', {
        current: document,
        included: [],
        fileDiagnostics: diagnostics,
        saveState: document.readOnly ? 'read-only' : 'saved',
        saveError: null,
        outside: null,
        canUndo: false,
        canRedo: false,
      });
      const first = document.blocks[0];
      put('selection', {
        selected: first === undefined ? [] : [first.id],
        anchor: first?.id ?? null,
        mode: 'command',
      });
      if (!document.readOnly && persistence.dirty) persistence.restored();
      void refreshIncludes(document);
    },
    setIncluded: (included) => put('document', { included }),
    ...documentEdits(context, commit, {
      push: (blocks) => deleted.push(blocks),
      pop: () => deleted.pop(),
    }),
    undo() {
      const step = undo(stack);
      if (step === null) return;
      stack = step.stack;
      show(step.state);
    },
    redo() {
      const step = redo(stack);
      if (step === null) return;
      stack = step.stack;
      show(step.state);
    },
    async save() {
      if (get().document.current?.readOnly === true)
        return deps.notify(
          'error',
          'This notebook is read-only.',
          'It was written by a newer version or is no text.',
        );
      await persistence?.save();
    },
    async flushBackup() {
      await persistence?.flushBackup();
    },
    reloadFromDisk() {
      const { outside } = get().document;
      if (outside !== null) takeFromDisk(outside.text, outside.sha256);
    },
    keepMine() {
      put('document', { outside: null });
      void persistence?.save({ force: true });
    },
  };
}

/** Results of cells that no longer exist must not come back under a new cell of the same name. */
function forgetGone({ get }: SliceContext, before: NotebookDocument | null, after: NotebookDocument): void {
  const byId = new Map((before?.blocks ?? []).map((block) => [block.id, block]));
  for (const block of after.blocks) {
    const old = byId.get(block.id);
    if (block.type !== 'cell' || old?.type !== 'cell') continue;
    if (old.kind === block.kind && old.name !== block.name) get().runs.rename(old.name, block.name);
  }
  const names = (document: NotebookDocument | null) =>
    (document?.blocks ?? []).flatMap((block) =>
      block.type === 'cell' ? [`${block.kind} ${block.name}`] : [],
    );
  const left = new Set(names(after));
  const gone = names(before).filter((name) => !left.has(name));
  if (gone.length > 0) get().runs.forget(gone.map((name) => name.split(' ')[1] ?? name));
  const ids = new Set(after.blocks.map((block) => block.id));
  const { selected } = get().selection;
  if (selected.some((id) => !ids.has(id))) {
    const index = (before?.blocks ?? []).findIndex((block) => selected.includes(block.id));
    const next = after.blocks[Math.min(Math.max(index, 0), after.blocks.length - 1)];
    if (next !== undefined) get().selection.select(next.id, { mode: 'command' });
  }
}
