import { expect, it } from 'vitest';
import { readArguments, readMemoryArguments } from './arguments';

const FIGURES = ['as-of', 'load'];

it('reads sizes, figures and runs', () => {
  expect(readArguments([], FIGURES)).toEqual({ full: false, only: null, runs: 3 });
  expect(readArguments(['--full', '--only', 'as-of,load', '--runs', '5'], FIGURES)).toEqual({
    full: true,
    only: ['as-of', 'load'],
    runs: 5,
  });
});

it.each([
  [['--fast'], 'unknown word --fast'],
  [['--only', 'speed'], 'no figure speed: there are as-of, load'],
  [['--only'], 'no figure'],
  [['--runs', '0'], '--runs takes a whole number'],
])('refuses %j', (words, message) => {
  expect(() => readArguments(words, FIGURES)).toThrow(message);
});

it('reads the size of the memory proof', () => {
  expect(readMemoryArguments(['--full'])).toBeNull();
  expect(readMemoryArguments(['--memory'])).toEqual({ percent: 100 });
  expect(
    readMemoryArguments(['--percent', '30', '--memory', '--threads', '2', '--engine-mib', '900']),
  ).toEqual({
    percent: 30,
    threads: 2,
    engineMiB: 900,
  });
});

it.each([
  [['--memory', '--full'], 'unknown word --full: use --memory'],
  [['--memory', '--percent'], '--percent takes a whole number'],
  [['--memory', '--threads', '1.5'], '--threads takes a whole number'],
])('refuses %j for the memory proof', (words, message) => {
  expect(() => readMemoryArguments(words)).toThrow(message);
});
