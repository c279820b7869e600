import { app } from 'electron';
import { setupApp } from './app';
import { setupLog } from './log/log';
import { setupOpenRequests } from './open-requests';
import { registerAppScheme } from './protocol/app-protocol';
import { denyNavigation, denyPermissions } from './security';

registerAppScheme();
// Chromium refuses its sandbox to root (containers, CI); there the command line says so and nowhere else.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
setupLog();
denyNavigation();

if (app.requestSingleInstanceLock()) {
  const requests = setupOpenRequests();
  void app.whenReady().then(() => {
    denyPermissions();
    return setupApp(requests);
  });
} else {
  app.quit();
}
