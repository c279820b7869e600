import { isName, nameHint, nearest } from '../catalog/names';
import { onLine, type Finding } from './diagnostic';
import { CELL_KINDS, type CellBlock, type Diagnostic, type NotebookDocument } from './document';
import { fenceFor, isKnownKind, languageOf } from './fence';

/**
 * Checks the opening lines of cells over all documents: `notebook.cell_header`, `duplicate_name`, `unknown_cell`.
 * `cells` are those that can be referred to: well named, of a known kind, the first of their name.
 */
export function checkCells(documents: readonly NotebookDocument[]): {
  cells: Map<string, { file: string; block: CellBlock }>;
  diagnostics: Diagnostic[];
} {
  const cells = new Map<string, { file: string; block: CellBlock }>();
  const taken = new Map<string, { file: string; block: CellBlock }>();
  const diagnostics: Diagnostic[] = [];
  for (const { file, blocks } of documents) {
    for (const block of blocks) {
      if (block.type !== 'cell') continue;
      const found = headerFinding(block);
      if (found !== null) diagnostics.push(onHeader(file, block, found.finding, found.word));
      if (found?.finding.severity === 'error') continue;
      const first = taken.get(block.name);
      if (first === undefined) {
        taken.set(block.name, { file, block });
        if (block.known) cells.set(block.name, { file, block });
      } else {
        const finding: Finding = {
          severity: 'error',
          code: 'notebook.duplicate_name',
          message: `There is another cell \`${block.name}\`, at ${first.file}:${first.block.line}.`,
          hint: 'A name is a cell’s identity: rename one of them.',
        };
        diagnostics.push(onHeader(file, block, finding, block.name));
      }
    }
  }
  return { cells, diagnostics };
}

function headerFinding(block: CellBlock): { finding: Finding; word: string } | null {
  const { kind, language, name } = block;
  if (!isKnownKind(kind)) {
    const meant = nearest(kind, CELL_KINDS);
    const finding: Finding = {
      severity: 'info',
      code: 'notebook.unknown_cell',
      message: `This Plumbline knows no cells of the kind \`${kind}\`; the cell is kept as it is.`,
      hint: meant === null ? 'A newer release may know it.' : `Did you mean \`${meant}\`?`,
    };
    return { finding, word: kind };
  }
  const wrong = (message: string, hint: string, word: string) => {
    const finding: Finding = { severity: 'error', code: 'notebook.cell_header', message, hint };
    return { finding, word };
  };
  if (language !== languageOf(kind)) {
    const right = [languageOf(kind), kind, name].join(' ').trim();
    return wrong(
      `A ${kind} cell is written in ${languageOf(kind)}.`,
      `Begin it with \`\`\`${right}.`,
      language,
    );
  }
  if (name === '')
    return wrong(`The ${kind} cell has no name.`, `Write \`\`\`${language} ${kind} my_name.`, kind);
  if (!isName(name)) return wrong(`\`${name}\` cannot be the name of a cell.`, nameHint(name), name);
  return null;
}

function onHeader(file: string, block: CellBlock, finding: Finding, word: string): Diagnostic {
  const written = block.raw?.split(/\r\n|\r|\n/, 1)[0];
  const header = written ?? `${fenceFor(block.body)}${block.language} ${block.kind} ${block.name}`;
  const at = Math.max(0, header.lastIndexOf(word));
  return onLine(
    file,
    block.name === '' ? null : block.name,
    finding,
    block.line,
    at + 1,
    at + word.length + 1,
  );
}
