import { app, nativeTheme, safeStorage, shell, type BrowserWindow } from 'electron';
import log from 'electron-log/main';
import { join } from 'node:path';
import { version } from '../package.json';
import { createAsk } from './consent/consent-dialogs';
import { createOutsideConsent } from './consent/outside-consent';
import { eventSender } from './events';
import { appHandlers } from './handlers/app-handlers';
import { fileHandlers } from './handlers/file-handlers';
import { notebookHandlers } from './handlers/notebook-handlers';
import { onlineHandlers } from './handlers/online-handlers';
import { redisHandlers } from './handlers/redis-handlers';
import { settingsHandlers } from './handlers/settings-handlers';
import { workspaceHandlers } from './handlers/workspace-handlers';
import { registerGate, registerRows } from './ipc-register';
import { createBackups } from './notebook/backups';
import { startOnlineService } from './online/electron-service';
import { createServiceLink } from './online/service-link';
import type { OpenRequests } from './open-requests';
import { profileIn } from './profile';
import { serveApp } from './protocol/app-protocol';
import { listBuiltFiles } from './protocol/built-files';
import { createConnections } from './settings/connections';
import { createSecretVault } from './settings/secret-vault';
import { createSettingsStore } from './settings/settings-store';
import { createFileDialogs } from './window/file-dialogs';
import { createHotExit } from './window/hot-exit';
import { createMainWindow } from './window/main-window';
import { setupMenu } from './window/menu';
import { createCurrentWorkspace } from './workspace/current-workspace';
import { createInitialWorkspace } from './workspace/initial';
import { createRecentList } from './workspace/recent';
import { createSample } from './workspace/sample';
import { createWorkspaceWatcher } from './workspace/watch';
import { isWatchedFile, splitNotebookPath } from './workspace/workspace';

/** Puts the parts together; runs once, after `ready`. */
export async function setupApp(requests: OpenRequests): Promise<void> {
  const profile = profileIn(app.getPath('userData'));
  let window: BrowserWindow | null = null;
  const currentWindow = () => window;
  const ask = createAsk(currentWindow);
  const send = eventSender(currentWindow);
  const askOutside = createOutsideConsent(ask);
  const dialogs = createFileDialogs(currentWindow);
  const hotExit = createHotExit(send, ask);

  const settings = createSettingsStore(profile);
  const backups = createBackups(profile.backups, Date.now);
  const recent = createRecentList(profile.recent, Date.now);
  const sample = createSample(shipped('sample-data', 'sample-data'), profile.sample, Date.now);
  const watcher = createWorkspaceWatcher((path, sha256) => send('file-changed', { path, sha256 }));
  const workspace = createCurrentWorkspace({
    backups,
    recent,
    askOutside,
    sampleFolder: profile.sample,
    onOpened: (opened, info) => {
      const file = join(opened.root, info.notebook);
      window?.setTitle(`${info.notebook} - Plumbline`);
      window?.setRepresentedFilename(file);
      if (!opened.isSample) app.addRecentDocument(file);
      watcher.watch({
        root: opened.root,
        paths: info.paths,
        isWanted: isWatchedFile,
        hash: (path) => opened.files.sha256(path),
      });
    },
  });

  const connections = createConnections(
    profile.connections,
    createSecretVault(safeStorage, process.platform),
    process.env,
  );
  const service = createServiceLink(startOnlineService, ({ kind: _kind, ...progress }) =>
    send('online-progress', progress),
  );
  const online = onlineHandlers({
    connections,
    service,
    ask,
    folder: () => workspace.get().root,
    now: Date.now,
  });
  const redis = redisHandlers(connections, service);

  serveApp({
    builtFiles: listBuiltFiles(join(__dirname, '../renderer')),
    resolveWorkspaceFile: workspace.servedFile,
  });
  registerGate({
    ...appHandlers({
      versions: {
        version,
        electron: process.versions.electron,
        chromium: process.versions.chrome,
        platform: process.platform,
      },
      home: app.getPath('home'),
      recent,
      openInitial: createInitialWorkspace({ workspace, recent, sample, takeFirst: requests.takeFirst }),
      openExternal: (url) => shell.openExternal(url),
    }),
    ...workspaceHandlers({ workspace, sample, recent, dialogs, ask }),
    ...notebookHandlers({
      workspace,
      backups,
      askOutside,
      onBackup: hotExit.backupStarted,
      onEdited: (edited) => {
        hotExit.setEdited(edited);
        window?.setDocumentEdited(edited);
      },
      onSaved: watcher.wrote,
    }),
    ...fileHandlers({
      workspace,
      ask,
      reveal: (path) => shell.showItemInFolder(path),
      onWritten: watcher.wrote,
    }),
    ...settingsHandlers({
      reveal: (path) => shell.showItemInFolder(path),
      settings,
      apply: ({ theme }) => {
        nativeTheme.themeSource = theme;
      },
    }),
    ...redis.handlers,
    ...online.handlers,
  });
  registerRows(online.acceptRows);
  setupMenu((id) => send('command', { id }));

  const openWindow = async (): Promise<void> => {
    const loaded = await settings.load();
    if (loaded.problem) log.warn(loaded.problem.message);
    const made = createMainWindow({
      preload: join(__dirname, '../preload/preload.cjs'),
      stateFile: profile.windowState,
      theme: loaded.settings.theme,
      icon: shipped('icon.png', 'electron/icons/icon.png'),
    });
    window = made;
    hotExit.guard(made);
    made.on('closed', () => {
      window = null;
    });
  };
  requests.onRequest(async (file) => {
    if (window === null) await openWindow();
    if (window?.isMinimized()) window.restore();
    window?.focus();
    if (file === null || !(await hotExit.mayReplace())) return;
    const { folder, notebook } = splitNotebookPath(file);
    send('open-workspace', await workspace.open(folder, notebook));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (window === null) void openWindow();
  });
  app.on('will-quit', (event) => {
    watcher.close();
    service.close();
    if (!redis.hasLocal()) return;
    event.preventDefault();
    void redis.stopLocal().finally(() => app.quit());
  });
  await openWindow();
}

/** A file that ships beside the code: in the package's resources, in development in the repository. */
function shipped(inPackage: string, inRepository: string): string {
  return app.isPackaged ? join(process.resourcesPath, inPackage) : join(app.getAppPath(), inRepository);
}
