import { expect, it } from 'vitest';
import { aView, catalogOf } from '../testing/catalog-fixture';
import { neededCells, runDependencies } from './topology';

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

it('loads a stream view’s log for a replay, not for the view', () => {
  const view = aView('engagement', 'aggregate', 'interactions', [], { stream: 'log' });
  const replay = { name: 'r', view: 'engagement', delay: 0n, end: 'max', speed: 'max', sweep: [] } as const;
  const catalog = { ...catalogOf({ views: [view] }), replays: new Map([['r', { ...replay, sweep: [] }]]) };
  const named = new Map([
    ['engagement', ['user', 'interactions', 'log']],
    ['r', ['engagement']],
  ]);
  const needed = runDependencies(named, catalog);
  expect(neededCells(['engagement'], needed)).toEqual(['user', 'interactions', 'engagement']);
  expect(neededCells(['r'], needed)).toEqual(['user', 'interactions', 'engagement', 'log', 'r']);
});
