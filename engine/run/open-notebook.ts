import { analyse, type Analysis } from '../notebook/analysis';
import type { Diagnostic, NotebookDocument } from '../notebook/document';
import { parseNotebook } from '../notebook/parse';
import { PlumblineError, toPlumblineError } from '../errors';
import type { WorkspaceFiles } from '../ports';

export interface OpenNotebook {
  /** The notebook first, then what it includes, sorted by path. */
  documents: NotebookDocument[];
  analysis: Analysis;
  /** Of parsing and of analysis, in file order. */
  diagnostics: Diagnostic[];
}

/**
 * Reads a notebook and what it includes. Runs nothing. Errors: `notebook.unreadable` when the file itself cannot be
 * read; everything else is a diagnostic.
 */
export async function openNotebook(files: WorkspaceFiles, file: string): Promise<OpenNotebook> {
  const bytes = await files.read(file).catch((thrown: unknown) => {
    const error = toPlumblineError(thrown);
    throw new PlumblineError('notebook.unreadable', `Cannot read the notebook ${file}: ${error.message}`, {
      cause: thrown,
      hint: error.hint ?? 'Check the path.',
      place: { file },
    });
  });
  return analyseWithIncludes(files, parseNotebook(bytes, file));
}

/** The same for a notebook that is already parsed, as an editor has it. */
export async function analyseWithIncludes(
  files: WorkspaceFiles,
  main: { document: NotebookDocument; diagnostics: Diagnostic[] },
): Promise<OpenNotebook> {
  const documents = [main.document];
  const diagnostics = [...main.diagnostics];
  for (const path of await includedFiles(files, main.document, diagnostics)) {
    const included = parseNotebook(await files.read(path), path);
    documents.push(included.document);
    diagnostics.push(...included.diagnostics);
  }
  const analysis = analyse(documents);
  return { documents, analysis, diagnostics: [...diagnostics, ...analysis.diagnostics] };
}

async function includedFiles(
  files: WorkspaceFiles,
  document: NotebookDocument,
  diagnostics: Diagnostic[],
): Promise<string[]> {
  const paths = new Set<string>();
  for (const pattern of document.frontMatter.include) {
    try {
      const found = await files.glob(pattern);
      if (found.length === 0) diagnostics.push(includeProblem(document.file, `Nothing matches ${pattern}.`));
      found.filter(({ path }) => path !== document.file).forEach(({ path }) => paths.add(path));
    } catch (thrown) {
      diagnostics.push(includeProblem(document.file, toPlumblineError(thrown).message));
    }
  }
  return [...paths].sort();
}

function includeProblem(file: string, message: string): Diagnostic {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 4 };
  const hint = 'Paths in include: are relative to the notebook.';
  return { severity: 'error', code: 'notebook.include', message, hint, file, cell: null, ...place };
}
