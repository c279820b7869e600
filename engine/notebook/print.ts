import type { Block, CellBlock, NotebookDocument } from './document';
import { fenceFor, openAfter, type OpenConstruct } from './fence';
import { linesOf, withLineEnd } from './lines';

/** The notebook's text. Blocks that nobody edited print byte for byte as they were read. */
export function printNotebook(document: NotebookDocument): string {
  const { byteOrderMark, frontMatter, blocks, lineEnd } = document;
  return [byteOrderMark ? '\uFEFF' : '', frontMatter.raw, ...printBlocks(blocks, lineEnd)].join('');
}

/** The text of each block in its place: one that others follow never swallows them. */
export function printBlocks(blocks: readonly Block[], lineEnd: '\n' | '\r\n'): string[] {
  return blocks.map((block, index) =>
    index === blocks.length - 1 ? printBlock(block, lineEnd) : closed(block, lineEnd),
  );
}

/** One block's text: its raw text, or for an edited cell the fences around its body. */
export function printBlock(block: Block, lineEnd: '\n' | '\r\n'): string {
  if (block.type === 'markdown') return block.raw;
  return (block.raw ?? printCell(block, lineEnd)) + block.gap;
}

function printCell(cell: CellBlock, lineEnd: '\n' | '\r\n'): string {
  const fence = fenceFor(cell.body);
  const header = `${fence}${[cell.language, cell.kind, cell.name].join(' ').trimEnd()}`;
  const lines = cell.body === '' ? [header, fence] : [header, cell.body, fence];
  return withLineEnd(`${lines.join('\n')}\n`, lineEnd);
}

/** A block that others follow: Markdown that leaves a fence or comment open must not swallow them. */
function closed(block: Block, lineEnd: '\n' | '\r\n'): string {
  const text = printBlock(block, lineEnd);
  if (block.type === 'cell') return text;
  let open: OpenConstruct | null = null;
  for (const line of linesOf(text)) open = openAfter(line.text, open);
  if (open === null) return text;
  const close = open.kind === 'fence' ? open.mark.repeat(open.length) : '-->';
  return `${text}${/[\r\n]$/.test(text) ? '' : lineEnd}${close}${lineEnd}${lineEnd}`;
}
