import { expect, test } from 'vitest';
import { createCloseGuard } from './close-guard';

/** A window whose page, clock and user are played by the test. */
function play(options: { edited: boolean; userLoses?: boolean }) {
  const asked: string[] = [];
  let flushes = 0;
  let onDeadline: (() => void) | null = null;
  const guard = createCloseGuard({
    sendFlush: () => flushes++,
    isEdited: () => options.edited,
    askToLose: (reason) => (asked.push(reason), Promise.resolve(options.userLoses ?? false)),
    after: (_milliseconds, act) => {
      onDeadline = act;
      return () => {
        onDeadline = null;
      };
    },
  });
  return { guard, asked, flushes: () => flushes, deadline: () => onDeadline?.() };
}

test('closes when the page has backed up', async () => {
  const { guard, asked, flushes } = play({ edited: true });
  const answer = guard.mayClose();
  guard.backupStarted(Promise.resolve());
  expect(await answer).toBe(true);
  expect([asked, flushes()]).toEqual([[], 1]);
});

test('a failed backup vetoes, unless the user gives the text up', async () => {
  for (const userLoses of [false, true]) {
    const { guard, asked } = play({ edited: true, userLoses });
    const answer = guard.mayClose();
    guard.backupStarted(Promise.reject(new Error('disk full')));
    expect(await answer).toBe(userLoses);
    expect(asked).toEqual(['disk full']);
  }
});

test('a page that does not answer is a failed backup only when it has unsaved text', async () => {
  const dirty = play({ edited: true });
  const vetoed = dirty.guard.mayClose();
  dirty.deadline();
  expect([await vetoed, dirty.asked.length]).toEqual([false, 1]);
  const clean = play({ edited: false });
  const closed = clean.guard.mayClose();
  clean.deadline();
  expect([await closed, clean.asked.length]).toEqual([true, 0]);
});

test('a second request while one is open shares its answer; a later one asks anew', async () => {
  const { guard, flushes } = play({ edited: true });
  const both = Promise.all([guard.mayClose(), guard.mayClose()]);
  guard.backupStarted(Promise.resolve());
  expect([await both, flushes()]).toEqual([[true, true], 1]);
  const again = guard.mayClose();
  guard.backupStarted(Promise.resolve());
  expect([await again, flushes()]).toEqual([true, 2]);
});

test('a backup that no one waits for changes nothing', () => {
  const { guard } = play({ edited: true });
  expect(() => guard.backupStarted(Promise.resolve())).not.toThrow();
});
