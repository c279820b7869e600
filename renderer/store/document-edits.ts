import type { Block, NotebookDocument } from '../../engine/notebook/document';
import {
  changeKind,
  freeName,
  insertCell,
  insertMarkdown,
  moveBlock,
  removeBlock,
  restoreBlock,
  setCellBody,
  setMarkdown,
} from '../../engine/notebook/edit';
import { renameEverywhere } from './rename-everywhere';
import type { SliceContext } from './slice';
import type { DocumentSlice } from './state';

type Edits = Pick<
  DocumentSlice,
  | 'setBody'
  | 'setBodies'
  | 'setMarkdown'
  | 'insert'
  | 'remove'
  | 'move'
  | 'rename'
  | 'changeKind'
  | 'undoDelete'
>;

/** A deleted block and where it stood. */
export interface Deleted {
  block: Block;
  index: number;
}

interface NewBlock {
  kind: string;
  name: string;
  language: string;
  body: string;
}

/** Puts a block at an index; the id of what was put. */
function insertAt(
  document: NotebookDocument,
  index: number,
  { kind, name, language, body }: NewBlock,
): { document: NotebookDocument; id: string } {
  const after =
    index <= 0 ? null : (document.blocks[Math.min(index, document.blocks.length) - 1]?.id ?? null);
  if (kind === 'markdown') return insertMarkdown(document, after, `${body}\n`);
  return insertCell(document, after, { kind, name: freeName(document, name), language, body });
}

/** A cell becomes text or text a cell: another block in its place. */
function changeType(
  document: NotebookDocument,
  id: string,
  kind: string,
): { document: NotebookDocument; id: string } | null {
  const removed = removeBlock(document, id);
  if (removed === null) return null;
  const { block, index } = removed;
  const body = block.type === 'cell' ? block.body : block.raw.trim();
  const name = block.type === 'cell' ? block.name : kind;
  return insertAt(removed.document, index, { kind, name, language: kind === 'query' ? 'sql' : 'yaml', body });
}

/** The edits of a document, each as one command of the undo stack. */
export function documentEdits(
  { get, deps }: SliceContext,
  commit: (label: string, after: NotebookDocument, group?: string | null) => void,
  deleted: { push(blocks: Deleted[]): void; pop(): Deleted[] | undefined },
): Edits {
  const edit = (label: string, change: (document: NotebookDocument) => NotebookDocument, group?: string) => {
    const { current } = get().document;
    if (current !== null) commit(label, change(current), group);
  };
  return {
    setBody: (id, body) => edit('edit', (document) => setCellBody(document, id, body), `body ${id}`),
    setBodies: (label, bodies) =>
      edit(label, (document) =>
        bodies.reduce((changed, { id, body }) => setCellBody(changed, id, body), document),
      ),
    setMarkdown: (id, raw) => edit('edit text', (document) => setMarkdown(document, id, raw), `body ${id}`),
    insert(at, block) {
      const { current } = get().document;
      if (current === null || current.readOnly) return '';
      const { document, id } = insertAt(current, at, block);
      commit('insert', document);
      return id;
    },
    remove(ids) {
      const { current } = get().document;
      if (current === null || current.readOnly) return;
      const gone: Deleted[] = [];
      let document = current;
      for (const id of ids) {
        const index = current.blocks.findIndex((block) => block.id === id);
        const removed = removeBlock(document, id);
        if (removed === null) continue;
        gone.push({ block: removed.block, index });
        document = removed.document;
      }
      if (gone.length === 0) return;
      deleted.push(gone.sort((a, b) => a.index - b.index));
      commit('delete', document);
    },
    move: (id, to) => edit('move', (document) => moveBlock(document, id, to)),
    rename(id, name) {
      const blocks = get().document.current?.blocks ?? [];
      if (blocks.some((block) => block.type === 'cell' && block.id !== id && block.name === name))
        return deps.notify(
          'error',
          `A cell named ${name} already exists.`,
          'Names are unique in a notebook.',
        );
      const { current, included } = get().document;
      if (current === null || current.readOnly) return;
      const { document, changed, broken } = renameEverywhere(current, included, id, name);
      commit('rename', document);
      if (broken.length > 0)
        deps.notify(
          'error',
          `${broken.join(', ')} still ${broken.length === 1 ? 'reads' : 'read'} the old name.`,
          'The place is not certain, or in another file: change it there by hand.',
        );
      else if (changed.length > 0)
        deps.notify('info', `Renamed in ${changed.join(', ')} too.`, 'Undo takes it all back.');
    },
    changeKind(id, kind) {
      const { current } = get().document;
      const block = current?.blocks.find((other) => other.id === id);
      if (current === null || block === undefined) return;
      if (block.type === 'cell' && kind !== 'markdown')
        return edit('change kind', (document) => changeKind(document, id, kind));
      if (block.type === 'markdown' && kind === 'markdown') return;
      const changed = changeType(current, id, kind);
      if (changed === null) return;
      commit('change kind', changed.document);
      get().selection.select(changed.id, { mode: 'command' });
    },
    undoDelete() {
      const blocks = deleted.pop();
      if (blocks === undefined) return;
      edit('bring back', (document) =>
        blocks.reduce((restored, { block, index }) => restoreBlock(restored, block, index), document),
      );
      const last = blocks.at(-1);
      if (last !== undefined) get().selection.select(last.block.id, { mode: 'command' });
    },
  };
}
