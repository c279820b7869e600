import type { Catalog } from '../../engine/catalog/model';
import { feastProject, type FeastExportOptions } from '../../engine/feast/export-repository';
import type { ListedConnection } from '../../electron/contract';
import { PlumblineError } from '../../engine/errors';
import type { AppState } from './state';

/** Where Feast repositories go, relative to the workspace. */
export const feastFolder = (notebook: string): string =>
  `out/feast/${(notebook.split('/').pop() ?? notebook).replace(/(\.plumb)?\.md$/, '')}`;

const NOWHERE: Omit<ListedConnection, 'name'> = {
  ...{ host: 'localhost', port: 6379, db: 0, tls: false, username: '' },
  password: 'none',
};

/** Address of the store of the first materialize cell; localhost where its connection is not set up here. */
function connectionOf({ analysis, connections }: AppState) {
  const [cell] = analysis.current?.catalog.materializations.values() ?? [];
  const known = connections.list.find(({ name }) => name === cell?.redis);
  const { password = 'none', sentinelPassword = 'none', ...connection } = known ?? NOWHERE;
  return {
    ...connection,
    hasPassword: password !== 'none',
    hasSentinelPassword: sentinelPassword !== 'none',
  };
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
