import { expect, it } from 'vitest';
import { readArguments } from './arguments';

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
