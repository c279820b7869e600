import { app, session } from 'electron';
import log from 'electron-log/main';
import { isAppUrl } from './app-origin';

/** Electron grants every permission unless told otherwise; this app needs none. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
}

/** No page leaves the app: no navigation, no window, no webview, whoever made the page. */
export function denyNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      // Main reloads the start page itself after a crash, which raises no such event.
      log.warn('navigation refused', { app: isAppUrl(event.url), mainFrame: event.isMainFrame });
      event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
  });
}
