import type { Diagnostic, NotebookDocument } from './document';
import { linesOf } from './lines';

/** Whether a path fits a glob of `*` (within a folder), `**` (any folders) and `?`. */
export function matchesGlob(pattern: string, path: string): boolean {
  const plain = pattern.replace(/^\.\//, '').replace(/\*{3,}/g, '**');
  const source = plain.replace(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`).test(path.replace(/^\.\//, ''));
}

/** `notebook.include` for every pattern of `include` that none of the given documents fits. */
export function checkIncludes(documents: readonly NotebookDocument[]): Diagnostic[] {
  return documents.flatMap((document) =>
    document.frontMatter.include
      .filter((pattern) => !documents.some((other) => other !== document && matchesGlob(pattern, other.file)))
      .map((pattern) => placed(document, pattern)),
  );
}

function placed(document: NotebookDocument, pattern: string): Diagnostic {
  const lines = linesOf(document.frontMatter.raw);
  const index = Math.max(
    0,
    lines.findIndex((line) => line.text.includes(pattern)),
  );
  const column = Math.max(0, lines[index]?.text.indexOf(pattern) ?? 0) + 1;
  return {
    severity: 'error',
    code: 'notebook.include',
    message: `No notebook was found for \`${pattern}\`.`,
    hint: 'Paths are relative to the folder of the notebook; `*` and `**` match names and folders.',
    file: document.file,
    cell: null,
    line: index + 1,
    column,
    endLine: index + 1,
    endColumn: column + pattern.length,
  };
}
