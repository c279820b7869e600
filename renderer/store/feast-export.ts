import type { Catalog } from '../../engine/catalog/model';
import { feastProject, type FeastExportOptions } from '../../engine/feast/export-repository';
import { PlumblineError } from '../../engine/errors';
import type { AppState } from './state';

/** Where Feast repositories go, relative to the workspace. */
export const feastFolder = (notebook: string): string =>
  `out/feast/${(notebook.split('/').pop() ?? notebook).replace(/(\.plumb)?\.md$/, '')}`;

/** Address of the store of the first materialize cell; localhost where its connection is not set up here. */
function connectionOf({ analysis, connections }: AppState) {
  const [cell] = analysis.current?.catalog.materializations.values() ?? [];
  const { host, port, db, tls, username, password } = connections.list.find(
    ({ name }) => name === cell?.redis,
  ) ?? {
    ...{ host: 'localhost', port: 6379, db: 0, tls: false, username: '' },
    password: 'none',
  };
  return { host, port, db, tls, username, hasPassword: password !== 'none' };
}

/** What the notebook's Feast repository is made of. Errors: `export.failed`, those of reading the connections. */
export async function feastExportOptions(
  get: () => AppState,
): Promise<Omit<FeastExportOptions, 'signal' | 'onProgress'> & { catalog: Catalog }> {
  await get().connections.refresh();
  const { catalog } = get().analysis.current ?? {};
  const notebook = get().document.current?.file ?? '';
  if (catalog === undefined) throw new PlumblineError('export.failed', 'The notebook is not read yet.');
  const project = feastProject(catalog);
  return { catalog, folder: feastFolder(notebook), notebook, project, connection: connectionOf(get()) };
}
