import { expect, it } from 'vitest';
import { setUp } from './store-fixture';
import { replayHolds } from './replay-hold';
import { sliceContext, type StoreDeps } from './slice';

it('ends a wait by its time, by a change of speed or pause, and by a cancel', async () => {
  const { store, clock } = await setUp();
  const { controlOf } = replayHolds(sliceContext({ clock } as unknown as StoreDeps, store));
  store.getState().runs.holdReplay('r', { paused: true, speed: 60 });
  const control = controlOf('r');
  expect([control.paused, control.speed]).toEqual([false, 60]);
  const ended: string[] = [];
  const wait = (what: string, ms: number | null, signal?: AbortSignal) =>
    control.wait(ms, signal).then(() => ended.push(what));

  const time = wait('time', 500);
  await clock.advance(499);
  expect(ended).toEqual([]);
  await clock.advance(1);
  await time;

  const pause = wait('pause', null);
  store.getState().runs.holdReplay('other', { paused: true });
  await clock.advance(1_000);
  expect(ended).toEqual(['time']);
  store.getState().runs.holdReplay('r', { paused: true });
  await pause;
  expect(control.paused).toBe(true);

  const stop = new AbortController();
  const cancel = wait('cancel', null, stop.signal);
  stop.abort();
  await cancel;
  await wait('already', null, stop.signal);
  expect(ended).toEqual(['time', 'pause', 'cancel', 'already']);
});
