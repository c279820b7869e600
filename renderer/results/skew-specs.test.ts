import { expect, test } from 'vitest';
import { chartSpec } from './chart-spec';
import { categoryChart, distributionChart, overTimeChart, scatterChart } from './skew-specs';
import { TEST_COLORS as colors } from './test-colors';
import type { SkewChartsProps } from './types';
import { compileSpec, makeView } from './vega-runtime';

const props: SkewChartsProps = {
  feature: 'rate',
  leftName: 'train',
  rightName: 'serving_log',
  bins: [
    { from: 0, to: 0.5, left: 30, right: 10 },
    { from: 0.5, to: 1, left: 10, right: 30 },
  ],
  categories: [
    { value: 'plus', left: 3, right: 1 },
    { value: 'NULL', left: 0, right: 2 },
  ],
  points: [
    { left: 0.2, right: 0.2, differs: false },
    { left: 0.4, right: 0.9, differs: true },
  ],
  overTime: [
    { time: Date.UTC(2025, 2, 14), difference: 0.1, mismatchShare: 0.2, rows: 10 },
    { time: Date.UTC(2025, 2, 15), difference: null, mismatchShare: 0.4, rows: 12 },
  ],
};

test.each([
  ['distribution', distributionChart],
  ['values', categoryChart],
  ['rows', scatterChart],
  ['time', overTimeChart],
] as const)('the chart of %s compiles and draws both sides', async (_name, make) => {
  const { spec, data, title } = make(props, colors);
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  const complete = chartSpec({ spec, data, title, width: 300, height: 180, colors });
  const view = makeView(compileSpec(complete, onProblem), { renderer: 'none', onProblem });
  const svg = await view.toSVG();
  expect(problems).toEqual([]);
  expect(svg).toContain(title);
  expect(svg).toContain(colors.train);
  expect(svg).toContain(colors.serve);
});

test('shares are of each side, so that sides of different size compare', () => {
  const { data } = distributionChart(props, colors);
  expect(data.map(({ side, share }) => [side, share])).toEqual([
    ['train', 0.75],
    ['serving_log', 0.25],
    ['train', 0.25],
    ['serving_log', 0.75],
  ]);
});

test('time runs in UTC', () => {
  const { spec, data, title } = overTimeChart(props, colors);
  const complete = JSON.stringify(chartSpec({ spec, data, title, width: 300, height: 180, colors }));
  expect(complete).toContain('"type":"utc"');
});
