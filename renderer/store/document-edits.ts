import type { Block, NotebookDocument } from '../../engine/notebook/document';
import {
  changeKind,
  freeName,
  insertCell,
  insertMarkdown,
  moveBlock,
  removeBlock,
  renameCell,
  restoreBlock,
  setCellBody,
  setMarkdown,
} from '../../engine/notebook/edit';
import type { SliceContext } from './slice';
import type { DocumentSlice } from './state';

type Edits = Pick<
  DocumentSlice,
  'setBody' | 'setMarkdown' | 'insert' | 'remove' | 'move' | 'rename' | 'changeKind' | 'undoDelete'
>;

/** The edits of a document, each as one command of the undo stack. */
export function documentEdits(
  { get, deps }: SliceContext,
  commit: (label: string, after: NotebookDocument, group?: string | null) => void,
  deleted: {
    push(blocks: { block: Block; at: number }[]): void;
    pop(): { block: Block; at: number }[] | undefined;
  },
): Edits {
  const edit = (label: string, change: (document: NotebookDocument) => NotebookDocument, group?: string) => {
    const { current } = get().document;
    if (current !== null) commit(label, change(current), group);
  };
  return {
    setBody: (id, body) => edit('edit', (document) => setCellBody(document, id, body), `body ${id}`),
    setMarkdown: (id, raw) => edit('edit text', (document) => setMarkdown(document, id, raw), `body ${id}`),
    insert(at, { kind, name, language, body }) {
      const { current } = get().document;
      if (current === null || current.readOnly) return '';
      const before = new Set(current.blocks.map((block) => block.id));
      const after =
        kind === 'markdown'
          ? insertMarkdown(current, at, body)
          : insertCell(current, at, { kind, name: freeName(current, name), language, body });
      commit('insert', after);
      return after.blocks.find((block) => !before.has(block.id))?.id ?? '';
    },
    remove(ids) {
      const { current } = get().document;
      if (current === null || current.readOnly) return;
      const wanted = new Set(ids);
      const gone = current.blocks.flatMap((block, at) => (wanted.has(block.id) ? [{ block, at }] : []));
      if (gone.length === 0) return;
      deleted.push(gone);
      commit(
        'delete',
        gone.reduce((document, { block }) => removeBlock(document, block.id), current),
      );
    },
    move: (id, to) => edit('move', (document) => moveBlock(document, id, to)),
    rename(id, name) {
      const { current } = get().document;
      if (current === null) return;
      const taken = current.blocks.some(
        (block) => block.type === 'cell' && block.id !== id && block.name === name,
      );
      if (taken)
        return deps.notify(
          'error',
          `A cell named ${name} already exists.`,
          'Names are unique in a notebook.',
        );
      edit('rename', (document) => renameCell(document, id, name));
    },
    changeKind: (id, kind) => edit('change kind', (document) => changeKind(document, id, kind)),
    undoDelete() {
      const blocks = deleted.pop();
      if (blocks === undefined) return;
      edit('bring back', (document) =>
        blocks.reduce((restored, { block, at }) => restoreBlock(restored, block, at), document),
      );
      const last = blocks.at(-1);
      if (last !== undefined) get().selection.select(last.block.id, { mode: 'command' });
    },
  };
}
