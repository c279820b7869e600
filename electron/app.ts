import { app, dialog, nativeTheme, shell, type BrowserWindow } from 'electron';
import log from 'electron-log/main';
import { join } from 'node:path';
import { version } from '../package.json';
import { createAsk } from './consent/consent-dialogs';
import { createOutsideConsent } from './consent/outside-consent';
import { eventSender } from './events';
import { appHandlers } from './handlers/app-handlers';
import { fileHandlers } from './handlers/file-handlers';
import { notebookHandlers } from './handlers/notebook-handlers';
import { settingsHandlers } from './handlers/settings-handlers';
import { workspaceHandlers } from './handlers/workspace-handlers';
import { registerGate } from './ipc-register';
import { createBackups } from './notebook/backups';
import type { OpenRequests } from './open-requests';
import { profileIn } from './profile';
import { serveApp } from './protocol/app-protocol';
import { listBuiltFiles } from './protocol/built-files';
import { createSettingsStore } from './settings/settings-store';
import { createMainWindow } from './window/main-window';
import { setupMenu } from './window/menu';
import { createCurrentWorkspace } from './workspace/current-workspace';
import { createInitialWorkspace } from './workspace/initial';
import { createRecentList } from './workspace/recent';
import { createSample } from './workspace/sample';

/** Puts the parts together; runs once, after `ready`. */
export async function setupApp(requests: OpenRequests): Promise<void> {
  const profile = profileIn(app.getPath('userData'));
  let window: BrowserWindow | null = null;
  let edited = false;
  const ask = createAsk(() => window);
  const send = eventSender(() => window);
  const askOutside = createOutsideConsent(ask);
  const settings = createSettingsStore(profile);
  const backups = createBackups(profile.backups, Date.now);
  const recent = createRecentList(profile.recent, Date.now);
  const sample = createSample(bundledSample(), profile.sample, Date.now);
  const workspace = createCurrentWorkspace({
    backups,
    recent,
    askOutside,
    sampleFolder: profile.sample,
    onOpened: (opened, notebook) => {
      window?.setTitle(`${notebook} - Plumbline`);
      window?.setRepresentedFilename(join(opened.root, notebook));
      if (!opened.isSample) app.addRecentDocument(join(opened.root, notebook));
    },
  });
  const openInitial = createInitialWorkspace({ workspace, recent, sample, takeFirst: requests.takeFirst });

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
      openInitial,
      openExternal: (url) => shell.openExternal(url),
    }),
    ...workspaceHandlers({
      workspace,
      sample,
      recent,
      pickNotebook: async () => {
        const { filePaths } = await dialog.showOpenDialog(window!, {
          title: 'Open notebook',
          defaultPath: workspace.get().root,
          properties: ['openFile'],
          filters: [{ name: 'Notebooks', extensions: ['md'] }],
        });
        return filePaths[0] ?? null;
      },
      pickNewNotebook: async () => {
        const { filePath } = await dialog.showSaveDialog(window!, {
          title: 'New notebook',
          defaultPath: join(app.getPath('documents'), 'notebook.plumb.md'),
          filters: [{ name: 'Notebooks', extensions: ['plumb.md'] }],
        });
        return filePath || null;
      },
      confirmReset: () =>
        ask({
          message: 'Open a fresh copy of the sample?',
          detail: 'Your edited copy is kept beside it.',
          yes: 'Reset',
          no: 'Cancel',
        }),
    }),
    ...notebookHandlers({
      workspace,
      backups,
      askOutside,
      onBackup: () => undefined,
      onEdited: (now) => {
        edited = now;
        window?.setDocumentEdited(edited);
      },
      onSaved: () => undefined,
    }),
    ...fileHandlers({
      workspace,
      askToCopy: (path) =>
        ask({
          message: 'Copy this file into the notebook folder?',
          detail: path,
          yes: 'Copy',
          no: 'Cancel',
        }),
      reveal: (path) => shell.showItemInFolder(path),
      onWritten: () => undefined,
    }),
    ...settingsHandlers({
      settings,
      apply: ({ theme }) => {
        nativeTheme.themeSource = theme;
      },
    }),
  } as never);
  setupMenu((id) => send('command', { id }));

  const loaded = await settings.load();
  if (loaded.problem) log.warn(loaded.problem.message);
  window = createMainWindow({
    preload: join(__dirname, '../preload/preload.cjs'),
    stateFile: profile.windowState,
    theme: loaded.settings.theme,
    icon: undefined,
  });
  window.on('closed', () => {
    window = null;
  });
  app.on('window-all-closed', () => app.quit());
}

function bundledSample(): string {
  return app.isPackaged ? join(process.resourcesPath, 'sample-data') : join(app.getAppPath(), 'sample-data');
}
