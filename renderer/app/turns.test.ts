import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { takeTurn, turn } from './turns';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('does one piece at a time, in the order asked, each in a task of its own', async () => {
  const done: string[] = [];
  for (const name of ['a', 'b', 'c']) takeTurn(() => done.push(name));
  expect(done).toEqual([]);
  for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    await vi.advanceTimersToNextTimerAsync();
    expect(done).toEqual(expected);
  }
});

it('leaves out what was called off, and goes on after a piece that fails', async () => {
  const done: string[] = [];
  takeTurn(() => {
    throw new Error('broken');
  });
  const off = takeTurn(() => done.push('off'));
  takeTurn(() => done.push('on'));
  off();
  await expect(vi.runAllTimersAsync()).rejects.toThrow('broken');
  await vi.runAllTimersAsync();
  expect(done).toEqual(['on']);
});

it('ends the waiting at once when it is called off', async () => {
  const end = new AbortController();
  takeTurn(() => {});
  const waited = turn(end.signal);
  end.abort();
  await waited;
  await vi.runAllTimersAsync();
});
