import { expect, test } from 'vitest';
import { chartRows, chartSpec, inUtc, isComposed, ROWS } from './chart-spec';
import { TEST_COLORS as colors } from './test-colors';
import { compileSpec, makeView } from './vega-runtime';

const line = {
  mark: 'line',
  encoding: {
    x: { field: 'day', type: 'temporal' },
    y: { field: 'events', type: 'quantitative' },
    color: { field: 'event_type' },
  },
};
const rows = [
  { day: Date.UTC(2025, 2, 15), events: 9_007_199_254_740_993n, event_type: 'view' },
  { day: Date.UTC(2025, 2, 16), events: 7n, event_type: 'view' },
];
const complete = (spec: Record<string, unknown>) =>
  chartSpec({ spec, data: rows, title: 'volume', width: 400, height: 200, colors });
const viewOf = (spec: Record<string, unknown>, onProblem: (problem: string) => void = () => {}) =>
  makeView(compileSpec(complete(spec), onProblem), { renderer: 'none', onProblem });

test('a chart is drawn by the interpreter alone', async () => {
  const problems: string[] = [];
  const view = viewOf(line, (problem) => problems.push(problem));
  const svg = await view.toSVG();
  expect(svg).toContain('volume');
  expect(svg).toContain('day (UTC)');
  expect(svg).toMatch(/<path/);
  expect(problems).toEqual([]);
});

test('an expression in the specification runs without eval', async () => {
  const spec = { ...line, transform: [{ calculate: 'datum.events * 2', as: 'double' }] };
  const view = viewOf(spec);
  await view.runAsync();
  const drawn = view.data(ROWS).concat(view.data('data_0')) as { double?: number }[];
  expect(drawn.some((row) => row.double === 14)).toBe(true);
});

test('an address is never loaded', async () => {
  const problems: string[] = [];
  const lookup = {
    ...line,
    transform: [
      { lookup: 'day', from: { data: { url: 'https://example.com/x.json' }, key: 'day', fields: ['z'] } },
    ],
  };
  const view = viewOf(lookup, (problem) => problems.push(problem));
  await view.runAsync();
  expect(problems.join()).toContain('nothing is loaded from an address');
});

test('a specification that does not compile throws', () => {
  expect(() => viewOf({ mark: { nonsense: 1 } })).toThrow();
});

test('times are UTC in scales, units, tooltips and layers', () => {
  const spec = inUtc({
    layer: [
      {
        mark: 'bar',
        encoding: {
          x: { field: 'at', type: 'temporal', timeUnit: 'yearmonth' },
          tooltip: [{ field: 'at', type: 'temporal' }],
        },
      },
    ],
  });
  expect(spec).toEqual({
    layer: [
      {
        mark: 'bar',
        encoding: {
          x: {
            field: 'at',
            type: 'temporal',
            timeUnit: 'utcyearmonth',
            scale: { type: 'utc' },
            title: 'at (UTC)',
          },
          tooltip: [{ field: 'at', type: 'temporal', timeUnit: 'utcyearmonthdatehoursminutesseconds' }],
        },
      },
    ],
  });
});

test('bigint becomes number at the edge, and only there', () => {
  expect(chartRows([{ a: 3n, b: 'x', c: [1n], d: null }])).toEqual([{ a: 3, b: 'x', c: [1], d: null }]);
});

test('composed plots keep their own layout', () => {
  expect(isComposed({ hconcat: [] })).toBe(true);
  expect(isComposed({ mark: 'bar', encoding: { row: { field: 'a' } } })).toBe(true);
  expect(complete({ hconcat: [line] })).not.toHaveProperty('autosize');
});
