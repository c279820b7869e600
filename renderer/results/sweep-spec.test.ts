import { expect, test } from 'vitest';
import { chartSpec } from './chart-spec';
import { sweepChart, sweepDifferences } from './sweep-spec';
import { TEST_COLORS as colors } from './test-colors';
import { compileSpec, makeView } from './vega-runtime';

test('the chart of delays compiles and draws both shares in the order of the delays', async () => {
  const point = (delay: number, late: number, match: number) => ({
    delay_us: delay * 1e6,
    late,
    late_share: late / 100,
    match_rate: match,
    features: [],
  });
  const { spec, data, title } = sweepChart(
    [point(0, 40, 0.5), point(900, 10, 0.9), point(86_400, 0, 1)],
    colors,
  );
  expect(data.map(({ delay, share }) => [delay, share])).toEqual([
    ['0s', 0.5],
    ['0s', 0.4],
    ['15m', 0.9],
    ['15m', 0.1],
    ['1d', 1],
    ['1d', 0],
  ]);
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  const complete = chartSpec({ spec, data, title, width: 300, height: 180, colors });
  const view = makeView(compileSpec(complete, onProblem), { renderer: 'none', onProblem });
  await view.runAsync();
  expect(await view.toSVG()).toContain('15m');
  expect(problems).toEqual([]);
});

test('the chart of differences has the features that differ, at 0 where nothing does', async () => {
  const feature = (ref: string, differing: number, mean: number | null) => ({
    ref,
    differing,
    mean_abs_diff: mean,
    max_abs_diff: mean,
  });
  const point = (delay: number, ...features: ReturnType<typeof feature>[]) => ({
    delay_us: delay * 1e6,
    late: 0,
    late_share: 0,
    match_rate: 1,
    features,
  });
  const { spec, data, title } = sweepDifferences([
    point(0, feature('v:n', 9, 2.5), feature('v:word', 3, null), feature('v:same', 0, null)),
    point(900, feature('v:n', 0, null), feature('v:word', 0, null), feature('v:same', 0, null)),
  ]);
  expect(data.map(({ delay, feature: name, mean }) => [delay, name, mean])).toEqual([
    ['0s', 'n', 2.5],
    ['15m', 'n', 0],
  ]);
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  const complete = chartSpec({ spec, data, title, width: 300, height: 180, colors });
  const svg = await makeView(compileSpec(complete, onProblem), { renderer: 'none', onProblem }).toSVG();
  expect(svg).toContain('15m');
  expect(problems).toEqual([]);
});
