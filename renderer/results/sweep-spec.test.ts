import { expect, test } from 'vitest';
import { chartSpec } from './chart-spec';
import { sweepChart } from './sweep-spec';
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
