import { expect, it } from 'vitest';
import { neededCells } from './topology';

const dependencies = new Map([
  ['train', ['starts', 'engagement']],
  ['engagement', ['user', 'interactions']],
  ['chart', ['volume']],
  ['volume', ['interactions']],
]);

it('puts every cell after what it depends on, once', () => {
  expect(neededCells(['train', 'chart'], dependencies)).toEqual([
    'starts',
    'user',
    'interactions',
    'engagement',
    'train',
    'volume',
    'chart',
  ]);
});

it('gives a cell without dependencies alone', () => {
  expect(neededCells(['user'], dependencies)).toEqual(['user']);
});

it('ends on a cycle that slipped through', () => {
  const cycle = new Map([
    ['a', ['b']],
    ['b', ['a']],
  ]);
  expect(neededCells(['a'], cycle)).toEqual(['b', 'a']);
});
