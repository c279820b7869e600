import { app, type BrowserWindow } from 'electron';
import type { Ask } from '../consent/consent-dialogs';
import type { SendEvent } from '../events';
import { createCloseGuard } from './close-guard';

/** Knows whether the page has unsaved text, and keeps its window open until that text is safe. */
export interface HotExit {
  setEdited(edited: boolean): void;
  backupStarted(done: Promise<unknown>): void;
  /** Backs up before something else replaces the open notebook. Whether it may be replaced. */
  mayReplace(): Promise<boolean>;
  guard(window: BrowserWindow): void;
}

export function createHotExit(send: SendEvent, ask: Ask): HotExit {
  let edited = false;
  let quitting = false;
  const guard = createCloseGuard({
    sendFlush: () => send('flush-backup', {}),
    isEdited: () => edited,
    askToLose: (reason) =>
      ask({
        type: 'warning',
        message: 'Unsaved changes could not be backed up. Close and lose them?',
        detail: reason,
        yes: 'Close and lose them',
        no: 'Keep open',
      }),
    after: (milliseconds, act) => {
      const timer = setTimeout(act, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  app.on('before-quit', () => {
    quitting = true;
  });
  return {
    setEdited: (now) => {
      edited = now;
    },
    backupStarted: guard.backupStarted,
    mayReplace: guard.mayClose,
    guard: (window) => {
      let mayClose = false;
      window.on('close', (event) => {
        if (mayClose || window.webContents.isCrashed()) return;
        event.preventDefault();
        void guard.mayClose().then((yes) => {
          mayClose = yes;
          if (!yes) quitting = false;
          else if (quitting) app.quit();
          else window.close();
        });
      });
    },
  };
}
