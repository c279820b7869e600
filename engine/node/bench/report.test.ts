import { expect, it } from 'vitest';
import type { Measurement } from './measure';
import { table } from './report';

const ONE: Measurement = {
  ...{ figure: 'load', what: 'load', size: '10 rows', ours: 1500, baseline: 1000, against: 'native' },
  ...{ ratio: 1.5, processorRatio: 1.4, goal: 1.5, runs: 3, unit: 'ms' },
};

it('says met, missed or no goal, and what could not be measured', () => {
  const limit: Measurement = {
    ...ONE,
    ...{
      ours: 3 * 2 ** 30,
      baseline: null,
      processorRatio: null,
      against: 'limit 2.50 GiB',
      ratio: 1.2,
      goal: 1,
      unit: 'bytes',
    },
  };
  const text = table(
    [ONE, { ...ONE, ratio: 1.51, ours: 15_100 }, { ...ONE, goal: null }, limit],
    [{ figure: 'app', reason: 'no display' }],
  );
  expect(text.split('\n').slice(2)).toEqual([
    '| load | 10 rows | 1500 ms | native | 1000 ms | 3 | 1.50 | 1.40 | <= 1.5 | met |',
    '| load | 10 rows | 15.1 s | native | 1000 ms | 3 | 1.51 | 1.40 | <= 1.5 | **missed** |',
    '| load | 10 rows | 1500 ms | native | 1000 ms | 3 | 1.50 | 1.40 | - | no goal |',
    '| load | 10 rows | 3.00 GiB | limit 2.50 GiB | - | 3 | - | - | - | **missed** |',
    '',
    'Not measured: app: no display',
  ]);
});
