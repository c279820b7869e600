import { toErrorRecord } from '../../engine/errors';
import { feastProject } from '../../engine/feast/export-repository';
import type { AppState } from './state';
import type { SliceContext } from './slice';

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

/** Writes the notebook's Feast repository into the workspace and says where it is. */
export async function exportFeastRepository({ get, deps }: SliceContext): Promise<void> {
  const catalog = get().analysis.current?.catalog;
  const { session } = get().engine;
  const notebook = get().document.current?.file ?? '';
  if (catalog === undefined || session === null) {
    deps.notify('error', 'The engine is still starting.', 'Try again in a moment.');
    return;
  }
  try {
    await get().connections.refresh();
    const done = await session.exportFeast(catalog, {
      folder: feastFolder(notebook),
      notebook,
      project: feastProject(catalog),
      connection: connectionOf(get()),
    });
    const left = done.left.map(({ view, reason }) => `Without ${view}: ${reason}`).join(' ');
    deps.notify(
      'success',
      `The Feast repository is in ${feastFolder(notebook)}.`,
      left === '' ? 'Run `feast apply` there.' : left,
    );
  } catch (thrown) {
    const { message, hint } = toErrorRecord(thrown);
    deps.notify('error', message, hint);
  }
}
