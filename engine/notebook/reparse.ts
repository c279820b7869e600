import type { Block, NotebookDocument } from './document';
import { parseNotebook, type ParsedNotebook } from './parse';

/**
 * Reads a text that was changed outside, and gives each block the id that it had in `previous` where it is
 * recognisably the same: a cell by its name, then by its body; Markdown by its text, then by what stands before
 * it. No id is given twice.
 */
export function reparse(previous: NotebookDocument, text: string | Uint8Array): ParsedNotebook {
  const parsed = parseNotebook(text, previous.file);
  const left = new Map(previous.blocks.map((block) => [block.id, block]));
  const ids = new Map<Block, string>();
  const adopt = (same: (block: Block, old: Block, at: number, oldAt: number) => boolean) => {
    parsed.document.blocks.forEach((block, at) => {
      if (ids.has(block)) return;
      const oldAt = previous.blocks.findIndex((old, i) => left.has(old.id) && same(block, old, at, i));
      const old = previous.blocks[oldAt];
      if (old === undefined) return;
      ids.set(block, old.id);
      left.delete(old.id);
    });
  };
  adopt(
    (a, b) =>
      a.type === 'cell' && b.type === 'cell' && a.kind === b.kind && a.name === b.name && a.body === b.body,
  );
  adopt((a, b) => a.type === 'markdown' && b.type === 'markdown' && a.raw.trim() === b.raw.trim());
  adopt((a, b) => a.type === 'cell' && b.type === 'cell' && a.name !== '' && a.name === b.name);
  adopt(
    (a, b) =>
      a.type === 'cell' && b.type === 'cell' && a.kind === b.kind && a.body !== '' && a.body === b.body,
  );
  const idBefore = (blocks: readonly Block[], at: number) => {
    const block = blocks[at - 1];
    return block === undefined ? null : (ids.get(block) ?? block.id);
  };
  adopt(
    (a, b, at, oldAt) =>
      a.type === 'markdown' &&
      b.type === 'markdown' &&
      idBefore(parsed.document.blocks, at) === idBefore(previous.blocks, oldAt),
  );
  const blocks = parsed.document.blocks.map((block) => ({ ...block, id: ids.get(block) ?? block.id }));
  return { ...parsed, document: { ...parsed.document, blocks } };
}
