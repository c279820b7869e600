import { NAME_PATTERN } from '../catalog/names';
import type { Block, CellBlock, MarkdownBlock, NotebookDocument } from './document';
import { isClosedCell, isKnownKind, languageOf } from './fence';
import { freshId } from './ids';
import { countLineEnds, isBlank, withLineEnd } from './lines';
import { printBlocks } from './print';

/**
 * Edits of a document. All are pure: they give a new document, in which blocks that were not touched are the
 * same text, and an unknown id changes nothing. A read-only document is given back as it is.
 */

/** Replaces a cell's body (LF line ends). The cell prints anew from then on. */
export function setCellBody(document: NotebookDocument, id: string, body: string): NotebookDocument {
  const unix = withLineEnd(body, '\n');
  return changeCell(document, id, (cell) => (cell.body === unix ? cell : { ...cell, body: unix, raw: null }));
}

/** Gives a cell another name. What refers to the old name is left as it is: `analyse` reports it. */
export function renameCell(document: NotebookDocument, id: string, name: string): NotebookDocument {
  const word = oneLine(name);
  return changeCell(document, id, (cell) => (cell.name === word ? cell : { ...cell, name: word, raw: null }));
}

/** Makes a cell one of another kind, in the language of that kind. Its body stays. */
export function changeKind(document: NotebookDocument, id: string, kind: string): NotebookDocument {
  const word = oneLine(kind);
  return changeCell(document, id, (cell) => {
    if (cell.kind === word) return cell;
    const language = isKnownKind(word) ? languageOf(word) : cell.language;
    return { ...cell, kind: word, known: isKnownKind(word), language, raw: null };
  });
}

/** Replaces a Markdown block's text. Trailing blank lines that part it from the next cell are kept or added. */
export function setMarkdown(document: NotebookDocument, id: string, raw: string): NotebookDocument {
  const index = document.blocks.findIndex((block) => block.id === id);
  const block = document.blocks[index];
  if (block?.type !== 'markdown' || document.readOnly) return document;
  const text = withLineEnd(raw, document.lineEnd);
  if (text === block.raw) return document;
  return rebuilt(document, document.blocks.with(index, { ...block, raw: text }), [], [index + 1]);
}

/** Puts a new cell after a block, or first when `afterId` is null; an unknown id puts it last. */
export function insertCell(
  document: NotebookDocument,
  afterId: string | null,
  cell: { language: string; kind: string; name: string; body: string },
): { document: NotebookDocument; id: string } {
  const block: CellBlock = {
    type: 'cell',
    id: freshId(),
    language: oneLine(cell.language),
    kind: oneLine(cell.kind),
    name: oneLine(cell.name),
    known: isKnownKind(oneLine(cell.kind)),
    body: withLineEnd(cell.body, '\n'),
    raw: null,
    gap: '',
    line: 1,
    bodyLine: 2,
  };
  return { document: placed(document, block, indexAfter(document, afterId)), id: block.id };
}

/**
 * Puts new Markdown after a block, or first when `afterId` is null. Two Markdown blocks in a row are one when the
 * file is read again.
 */
export function insertMarkdown(
  document: NotebookDocument,
  afterId: string | null,
  raw: string,
): { document: NotebookDocument; id: string } {
  const text = withLineEnd(raw, document.lineEnd);
  const block: MarkdownBlock = { type: 'markdown', id: freshId(), raw: text, line: 1 };
  return { document: placed(document, block, indexAfter(document, afterId)), id: block.id };
}

/** Takes a block out; `index` is where `restoreBlock` puts it back. null when there is no such block. */
export function removeBlock(
  document: NotebookDocument,
  id: string,
): { document: NotebookDocument; block: Block; index: number } | null {
  const index = document.blocks.findIndex((block) => block.id === id);
  const block = document.blocks[index];
  if (block === undefined || document.readOnly) return null;
  return { document: rebuilt(document, document.blocks.toSpliced(index, 1), [index], []), block, index };
}

/** Puts a block at an index of `blocks`, under its own id: the undo of `removeBlock`. */
export function restoreBlock(document: NotebookDocument, block: Block, index: number): NotebookDocument {
  if (document.readOnly || document.blocks.some((other) => other.id === block.id)) return document;
  const at = Math.max(0, Math.min(index, document.blocks.length));
  return rebuilt(document, document.blocks.toSpliced(at, 0, block), [at, at + 1], []);
}

/** Moves a block so that it stands at `toIndex` of the new `blocks`. */
export function moveBlock(document: NotebookDocument, id: string, toIndex: number): NotebookDocument {
  const from = document.blocks.findIndex((block) => block.id === id);
  const block = document.blocks[from];
  const to = Math.max(0, Math.min(toIndex, document.blocks.length - 1));
  if (block === undefined || from === to || document.readOnly) return document;
  const blocks = document.blocks.toSpliced(from, 1).toSpliced(to, 0, block);
  return rebuilt(document, blocks, [to < from ? from + 1 : from], [to, to + 1]);
}

/** A name that no cell has: the stem made into a name, with a number behind it where it is taken. */
export function freeName(document: NotebookDocument, stem: string): string {
  const taken = new Set(document.blocks.map((block) => (block.type === 'cell' ? block.name : '')));
  const words = stem
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const base = NAME_PATTERN.test(words) ? words : words === '' ? 'cell' : `_${words}`;
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number++;
  return `${base}_${number}`;
}

function oneLine(word: string): string {
  return word.replace(/[\s`]+/g, ' ').trim();
}

function indexAfter(document: NotebookDocument, afterId: string | null): number {
  if (afterId === null) return 0;
  const index = document.blocks.findIndex((block) => block.id === afterId);
  return index === -1 ? document.blocks.length : index + 1;
}

function changeCell(
  document: NotebookDocument,
  id: string,
  change: (cell: CellBlock) => CellBlock,
): NotebookDocument {
  const index = document.blocks.findIndex((block) => block.id === id);
  const block = document.blocks[index];
  if (block?.type !== 'cell' || document.readOnly) return document;
  const changed = change(block);
  if (changed === block) return document;
  return rebuilt(document, document.blocks.with(index, changed), [index + 1], []);
}

/** A new block in its place, with blank lines around it. */
function placed(document: NotebookDocument, block: Block, index: number): NotebookDocument {
  if (document.readOnly) return document;
  return rebuilt(document, document.blocks.toSpliced(index, 0, block), [], [index, index + 1]);
}

/**
 * The document with other blocks, lines counted anew. A seam is the index of the block below it: `touching` ones
 * get the line end without which two blocks would run together, `apart` ones a blank line.
 */
function rebuilt(
  document: NotebookDocument,
  blocks: Block[],
  touching: readonly number[],
  apart: readonly number[],
): NotebookDocument {
  const { lineEnd } = document;
  let { raw } = document.frontMatter;
  if (apart.includes(0) && blocks.length > 0 && raw !== '') raw = parted(raw, lineEnd);
  for (const seam of [...touching, ...apart]) {
    const [above, below] = [blocks[seam - 1], blocks[seam]];
    if (above === undefined || below === undefined) continue;
    const paragraphs = above.type === 'markdown' && below.type === 'markdown';
    blocks[seam - 1] = partedBlock(above, lineEnd, paragraphs || apart.includes(seam));
  }
  const frontMatter =
    raw === document.frontMatter.raw ? document.frontMatter : { ...document.frontMatter, raw };
  return { ...document, frontMatter, blocks: counted(blocks, raw, lineEnd) };
}

/** A block that ends its last line, with a blank line behind it when asked. */
function partedBlock(block: Block, lineEnd: '\n' | '\r\n', blank: boolean): Block {
  if (block.type === 'markdown') {
    const raw = isBlank(block.raw)
      ? block.raw
      : blank
        ? parted(block.raw, lineEnd)
        : ended(block.raw, lineEnd);
    return raw === block.raw ? block : { ...block, raw };
  }
  // A cell that lost its closing fence would swallow what is put behind it: it prints anew, with one.
  const raw = block.raw !== null && isClosedCell(block.raw) ? ended(block.raw, lineEnd) : null;
  const gap = !blank || countLineEnds(block.gap) > 0 ? block.gap : block.gap + lineEnd;
  return raw === block.raw && gap === block.gap ? block : { ...block, raw, gap };
}

function ended(text: string, lineEnd: '\n' | '\r\n'): string {
  return /[\r\n]$/.test(text) ? text : text + lineEnd;
}

function parted(text: string, lineEnd: '\n' | '\r\n'): string {
  const whole = ended(text, lineEnd);
  return /(?:\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)$/.test(whole) ? whole : whole + lineEnd;
}

function counted(blocks: readonly Block[], head: string, lineEnd: '\n' | '\r\n'): Block[] {
  const texts = printBlocks(blocks, lineEnd);
  let line = 1 + countLineEnds(head);
  return blocks.map((block, i) => {
    const at = line;
    line += countLineEnds(texts[i] ?? '');
    if (block.line === at) return block;
    return block.type === 'cell' ? { ...block, line: at, bodyLine: at + 1 } : { ...block, line: at };
  });
}
