import { BrowserWindow, nativeTheme, screen } from 'electron';
import log from 'electron-log/main';
import type { Settings } from '../contract';
import { START_URL } from '../app-origin';
import { loadWindowState, MIN_HEIGHT, MIN_WIDTH, saveWindowState } from './window-state';

/** The page's own background colours, so that the window does not flash before the first paint. */
const BACKGROUND = { light: '#fbfbfa', dark: '#16181b' };

const DEFAULT_SIZE = { width: 1440, height: 900 };
/** A renderer that dies again within this time is not loaded once more by itself. */
const CRASH_WINDOW_MS = 30_000;

export interface MainWindowOptions {
  preload: string;
  stateFile: string;
  theme: Settings['theme'];
  /** Path of a PNG; macOS and Windows take theirs from the package. */
  icon: string;
}

/** Makes the window. It shows itself when the page has painted. */
export function createMainWindow(options: MainWindowOptions): BrowserWindow {
  nativeTheme.themeSource = options.theme;
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const state = loadWindowState(options.stateFile, areas);
  const window = new BrowserWindow({
    ...(state ? { x: state.x, y: state.y, width: state.width, height: state.height } : DEFAULT_SIZE),
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Plumbline',
    icon: options.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on(
    'close',
    () =>
      void saveWindowState(options.stateFile, {
        ...window.getNormalBounds(),
        maximized: window.isMaximized(),
      }),
  );
  reloadAfterCrash(window);
  void window.loadURL(START_URL);
  return window;
}

/** The text is in the backup: a dead page is loaded again, once per crash window. */
function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    log.error('the page died', { reason: details.reason, exitCode: details.exitCode });
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    if (now - lastCrash > CRASH_WINDOW_MS) window.webContents.reload();
    lastCrash = now;
  });
}
