import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Activity } from './activity';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Work that ends when it is told to, and a record of when other work got its pause. */
function watched(activity: Activity) {
  const order: string[] = [];
  const work = (name: string) => {
    let end = () => {};
    const held = new Promise<void>((resolve) => (end = resolve));
    const done = activity.during(() => held).then(() => order.push(name));
    return { end, done };
  };
  return { order, work, pause: () => activity.pause().then(() => order.push('pause')) };
}

it('gives a pause at once when nothing runs', async () => {
  const { order, pause } = watched(new Activity(10));
  await pause();
  expect(order).toEqual(['pause']);
});

it('gives no pause between the steps of one run', async () => {
  const { order, work, pause } = watched(new Activity(10));
  const first = work('first');
  const paused = pause();
  first.end();
  await first.done;
  await vi.advanceTimersByTimeAsync(9);
  const second = work('second');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(order).toEqual(['first']);
  second.end();
  await second.done;
  await vi.advanceTimersByTimeAsync(9);
  expect(order).toEqual(['first', 'second']);
  await vi.advanceTimersByTimeAsync(1);
  await paused;
  expect(order).toEqual(['first', 'second', 'pause']);
});

it('needs no timer where no quiet time is asked for', async () => {
  const { order, work, pause } = watched(new Activity());
  const first = work('first');
  const paused = pause();
  first.end();
  await paused;
  expect(order).toEqual(['first', 'pause']);
});
