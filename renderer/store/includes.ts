import type { NotebookDocument } from '../../engine/notebook/document';
import { parseNotebook } from '../../engine/notebook/parse';
import type { Host } from './state';

/** The documents that a notebook includes: every file of every pattern once, in order, without itself. */
export async function readIncludes(host: Host, document: NotebookDocument): Promise<NotebookDocument[]> {
  const files = new Set<string>();
  for (const pattern of document.frontMatter.include)
    for (const { path } of await host.call('files.glob', { pattern })) files.add(path);
  files.delete(document.file);
  return Promise.all(
    [...files]
      .sort()
      .map(async (file) => parseNotebook((await host.call('notebook.read', { file })).text, file).document),
  );
}
