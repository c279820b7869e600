import { expect, test } from 'vitest';
import { fakeClock } from '../store/fake-clock';
import { Latest } from './latest';

function fixture() {
  const clock = fakeClock();
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const latest = new Latest<string>(
    async (wish, signal) => {
      log.push(`begin ${wish}`);
      await new Promise<void>((resolve) => {
        ends.push(resolve);
        signal.addEventListener('abort', () => {
          log.push(`cancel ${wish}`);
          resolve();
        });
      });
      log.push(`end ${wish}`);
    },
    100,
    clock,
  );
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { clock, log, latest, settle, end: () => ends.at(-1)!() };
}

test('does one thing at a time, and of those that wait the newest', async () => {
  const { log, latest, settle, end } = fixture();
  latest.want('a');
  latest.want('b');
  latest.want('c');
  await settle();
  expect(log).toEqual(['begin a']);
  end();
  await settle();
  expect(log).toEqual(['begin a', 'end a', 'begin c']);
});

test('cancels what takes longer than its grace, once something newer is there', async () => {
  const { clock, log, latest, settle } = fixture();
  latest.want('a');
  await clock.advance(500);
  expect(log).toEqual(['begin a']);
  latest.want('b');
  await clock.advance(0);
  await settle();
  expect(log).toEqual(['begin a', 'cancel a', 'end a', 'begin b']);
  latest.want('c');
  await clock.advance(99);
  await settle();
  expect(log.at(-1)).toBe('begin b');
  await clock.advance(1);
  await settle();
  expect(log.slice(-3)).toEqual(['cancel b', 'end b', 'begin c']);
});

test('begins nothing after it was stopped', async () => {
  const { log, latest, settle } = fixture();
  latest.want('a');
  latest.want('b');
  latest.stop();
  await settle();
  expect(log).toEqual(['begin a', 'cancel a', 'end a']);
  latest.want('c');
  await settle();
  expect(log).toHaveLength(3);
});
