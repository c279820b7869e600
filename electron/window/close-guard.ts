/** What closing a window needs from its surroundings. */
export interface CloseGuardEffects {
  /** Asks the page to back up what is unsaved; it answers through `notebook.backup`. */
  sendFlush(): void;
  isEdited(): boolean;
  /** Whether to close although the unsaved text may be lost. */
  askToLose(reason: string): Promise<boolean>;
  /** Calls back after so many milliseconds; gives the way to stop it. */
  after(milliseconds: number, act: () => void): () => void;
}

/** How long a page with unsaved text may take to back up before the user is asked. */
export const FLUSH_DEADLINE_MS = 5_000;
/** How long a page that says it has none may take: what was typed in the last moment is still kept. */
export const UNEDITED_DEADLINE_MS = 500;

/**
 * Hot exit: a window closes only when its unsaved text is backed up, or there is none, or the user says so.
 */
export interface CloseGuard {
  /** Whether the window may close now. A second request while one is open gets the same answer. */
  mayClose(): Promise<boolean>;
  /** A backup request of the page arrived; `done` settles with it. */
  backupStarted(done: Promise<unknown>): void;
}

export function createCloseGuard(effects: CloseGuardEffects): CloseGuard {
  let asked: Promise<boolean> | null = null;
  let onBackup: ((done: Promise<unknown>) => void) | null = null;

  const flush = (): Promise<string | null> =>
    new Promise((settle) => {
      const stop = effects.after(effects.isEdited() ? FLUSH_DEADLINE_MS : UNEDITED_DEADLINE_MS, () =>
        settle('The page did not answer in time.'),
      );
      onBackup = (done) => {
        stop();
        done.then(
          () => settle(null),
          (thrown: unknown) => settle(thrown instanceof Error ? thrown.message : String(thrown)),
        );
      };
      effects.sendFlush();
    });

  const ask = async (): Promise<boolean> => {
    const failure = await flush();
    onBackup = null;
    return failure === null || !effects.isEdited() || (await effects.askToLose(failure));
  };

  return {
    mayClose: () => {
      asked ??= ask().finally(() => {
        asked = null;
      });
      return asked;
    },
    backupStarted: (done) => onBackup?.(done),
  };
}
