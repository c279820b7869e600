import { expect, test } from 'vitest';
import { chartSpec } from './chart-spec';
import { windowsChart, type WindowsChart } from './drift-specs';
import { TEST_COLORS as colors } from './test-colors';
import { compileSpec, makeView } from './vega-runtime';

const at = (day: number): number => Date.UTC(2025, 2, day);
const CHART: WindowsChart = {
  title: 'rate: PSI',
  measure: 'PSI',
  points: [
    { time: at(1), value: 0.01, above: false },
    { time: at(2), value: null, above: false },
    { time: at(3), value: 0.4, above: true },
    { time: at(4), value: 0.2, above: false },
  ],
  line: 0.25,
  lineName: 'alarm above 0.25',
  reference: { start: at(1), end: at(2) },
};

async function svgOf(chart: WindowsChart): Promise<string> {
  const { spec, data, title } = windowsChart(chart, colors);
  const problems: string[] = [];
  const onProblem = (problem: string) => problems.push(problem);
  const complete = chartSpec({ spec, data, title, width: 300, height: 180, colors });
  const svg = await makeView(compileSpec(complete, onProblem), { renderer: 'none', onProblem }).toSVG();
  expect(problems).toEqual([]);
  return svg;
}

test('draws the line, what is above it, the alarm line with its words and the reference', async () => {
  const svg = await svgOf(CHART);
  expect(svg).toContain('rate: PSI');
  expect(svg).toContain('alarm above 0.25');
  expect(svg).toContain('>reference<');
  expect(svg).toContain('>Mar 02<');
  for (const color of [colors.train, colors.bad, colors.faint]) expect(svg).toContain(color);
});

test('breaks at a gap, and needs neither a line nor a reference', async () => {
  const svg = await svgOf({ ...CHART, line: null, reference: null });
  expect(svg).not.toContain('alarm');
  const line =
    /<path[^>]*aria-roledescription="line mark"[^>]*d="([^"]*)"|<path[^>]*d="([^"]*)"[^>]*stroke-width="1.5"/.exec(
      svg,
    );
  expect((line?.[1] ?? line?.[2] ?? '').match(/M/g)).toHaveLength(2);
});
