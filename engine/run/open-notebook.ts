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
  for (const path of await includedFiles(files, main.document)) {
    const included = parseNotebook(await files.read(path), path);
    documents.push(included.document);
    diagnostics.push(...included.diagnostics);
  }
  const analysis = analyse(documents);
  return { documents, analysis, diagnostics: [...diagnostics, ...analysis.diagnostics] };
}

/** An include that matches nothing, or leads out of the workspace, is reported by the analysis. */
async function includedFiles(files: WorkspaceFiles, document: NotebookDocument): Promise<string[]> {
  const found = await Promise.all(
    document.frontMatter.include.map((pattern) => files.glob(pattern).catch(() => [])),
  );
  const paths = new Set(found.flat().map(({ path }) => path));
  paths.delete(document.file);
  return [...paths].sort();
}
