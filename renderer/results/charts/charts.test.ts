import type { View } from 'vega';
import { describe, expect, test } from 'vitest';
import { chartSpec, ROWS } from '../chart-spec';
import { clearSelected, onSelected, selected, showRows, withSelection } from '../chart-view';
import { TEST_COLORS as colors } from '../test-colors';
import type { ChartSelection } from '../types';
import { compileSpec, makeView } from '../vega-runtime';
import { causeFace, causeRows } from './causes';
import type { ChartFace, Rows } from './chart-face';
import { categoryFace, categoryRows, distributionFace, distributionRows } from './distribution';
import { missingFace, missingRows } from './missing';
import { overTimeFace, overTimeRows, timeDomain } from './over-time';
import { quantileFace, quantileRows, scatterFace, scatterRows } from './scatter';
import { segmentFace, segmentRows } from './segments';

const compared = { feature: 'rate', sides: ['train', 'serving_log'] } as const;
const frame = { from: 0, width: 0.5, count: 2 };
const bins = [
  { from: 0, to: 0.5, left: 30, right: 10 },
  { from: 0.5, to: 1, left: 10, right: 30 },
];
const DAY = 86_400_000;
const first = Date.UTC(2025, 2, 14);
const period = { difference: 0.1, absDifference: 0.1, mismatchShare: 0.2, rows: 10 };
const span = { unit: 'day', first, last: first + 3 * DAY } as const;
const marks = [
  { name: 'v2', time: first + DAY },
  { name: 'far away', time: first + 900 * DAY },
];
const places = { values: ['plus', null], more: true };
const counts = {
  segments: [{ value: 'plus', rows: 4, mismatches: 1 }],
  others: { segments: 0, rows: 0, mismatches: 0 },
};
const byTime = { ...counts, segments: [{ value: String(first * 1000), rows: 4, mismatches: 1 }] };

const CHARTS: [string, ChartFace, Rows][] = [
  ['distribution', distributionFace(compared, frame, colors), distributionRows(compared, bins)],
  [
    'values',
    categoryFace(compared, places, colors),
    categoryRows(compared, places, [
      { value: 'plus', left: 3, right: 1, of: 4 },
      { value: null, left: 0, right: 2, of: 4 },
      { value: 'rare', left: 1, right: 1, of: 4 },
    ]),
  ],
  ['rows', scatterFace(compared, frame, colors), scatterRows([{ left: 0.2, right: 0.9, differs: true }])],
  ['quantiles', quantileFace(compared, frame, colors), quantileRows([{ share: 0.5, left: 0.2, right: 0.3 }])],
  [
    'time',
    overTimeFace(compared, { frame: span, numeric: true, marks }, colors),
    overTimeRows([
      { time: first, ...period },
      { time: first + DAY, ...period, difference: null },
    ]),
  ],
  ['segments', segmentFace(compared, { by: 'tier', every: null, span }, colors), segmentRows(counts, null)],
  [
    'segments of time',
    segmentFace(compared, { by: 'day', every: BigInt(DAY) * 1000n, span }, colors),
    segmentRows(byTime, BigInt(DAY) * 1000n),
  ],
  [
    'missing values',
    missingFace(compared, colors),
    missingRows(compared, [{ column: 'rate', rows: 10, nulls: [1, 0], defaults: [0, 4] }]),
  ],
  [
    'causes',
    causeFace(compared, colors),
    causeRows([
      { cause: 'boundary:closed', share: 0.6, rows: 6 },
      { cause: null, share: 0.4, rows: 4 },
    ]),
  ],
];

function drawn({ spec, title }: ChartFace, data: Rows, begun: ChartSelection = null): View {
  const onProblem = (problem: string): never => {
    throw new Error(problem);
  };
  const complete = chartSpec({
    spec: withSelection(spec, begun),
    data,
    title,
    width: 300,
    height: 180,
    colors,
  });
  return makeView(compileSpec(complete, onProblem), { renderer: 'none', onProblem });
}

const shapes = (svg: string): number =>
  svg.match(/<path aria-label|<path aria-roledescription|role="graphics-symbol"/g)?.length ?? 0;

describe.each(CHARTS)('the chart of %s', (_, face, rows) => {
  test('compiles without a complaint and draws its marks', async () => {
    const view = await drawn(face, rows).runAsync();
    const svg = await view.toSVG();
    expect(svg).toContain(face.title);
    expect(shapes(svg)).toBeGreaterThan(0);
  });

  test('draws other rows, and none at all, in the view that stands', async () => {
    const view = await drawn(face, []).runAsync();
    await showRows(view, rows);
    expect(view.data(ROWS)).toHaveLength(rows.length);
    const fresh = await (await drawn(face, rows).runAsync()).toSVG();
    expect(shapes(await view.toSVG())).toBe(shapes(fresh));
    await showRows(view, []);
    expect(view.data(ROWS)).toHaveLength(0);
  });
});

test('a brush is told by field, and taken back', async () => {
  const view = await drawn(CHARTS[2]![1], CHARTS[2]![2]).runAsync();
  const heard: ChartSelection[] = [];
  onSelected(view, (selection) => heard.push(selection));
  await view
    .signal('brush_x', [0, view.signal('width') as number])
    .signal('brush_y', [20, 60])
    .runAsync();
  expect(Object.keys(heard.at(-1) ?? {}).sort()).toEqual(['left', 'right']);
  await clearSelected(view);
  expect(heard.at(-1)).toBeNull();
});

test('what is selected from the start is selected', async () => {
  const selection = { from: [0.1, 0.4] };
  const view = await drawn(CHARTS[0]![1], CHARTS[0]![2], selection).runAsync();
  const told = selected(view.signal('brush'))!;
  expect(told['from']!.map((one) => Math.round(Number(one) * 100) / 100)).toEqual(selection.from);
  const picked = await drawn(CHARTS[5]![1], CHARTS[5]![2], { value: ['plus'] }).runAsync();
  expect(selected(picked.signal('pick'))).toEqual({ value: ['plus'] });
  await clearSelected(picked);
  expect(selected(picked.signal('pick'))).toBeNull();
});

test('shares are of each side, so that sides of different size compare', () => {
  expect(CHARTS[0]![2].map(({ side, share }) => [side, share])).toEqual([
    ['train', 0.75],
    ['serving_log', 0.25],
    ['train', 0.25],
    ['serving_log', 0.75],
  ]);
});

test('values have their places and their share of all rows, whatever is selected', () => {
  const [, face, rows] = CHARTS[1]!;
  expect(face.title).toBe('rate: the 2 most frequent values');
  expect(JSON.stringify(face.spec)).toContain('"domain":["plus","NULL"]');
  expect(rows.map(({ label, side, share }) => [label, side, share])).toEqual([
    ['plus', 'train', 0.75],
    ['plus', 'serving_log', 0.25],
    ['NULL', 'train', 0],
    ['NULL', 'serving_log', 0.5],
  ]);
});

test('shares of nothing are drawn against an axis that reads', async () => {
  const [, face] = CHARTS[5]!;
  const none = segmentRows({ ...counts, segments: [{ value: 'plus', rows: 4, mismatches: 0 }] }, null);
  const svg = await (await drawn(face, none).runAsync()).toSVG();
  expect(svg).toContain('>0.0%<');
  expect(svg).not.toContain('>0.000000%<');
});

test('bars of stretches stand on zero, along the whole span whatever is selected', async () => {
  const [, face, rows] = CHARTS[6]!;
  const svg = await (await drawn(face, rows).runAsync()).toSVG();
  const plot = /class="background" aria-hidden="true" d="M0\.5,0\.5h([\d.]+)v([\d.]+)/.exec(svg)!;
  const bar = /aria-roledescription="bar" d="M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)/.exec(svg)!;
  const [y, width, height] = [Number(bar[2]), Number(bar[3]), Number(bar[4])];
  expect(y + height).toBeCloseTo(Number(plot[2]), 0);
  expect(width).toBeLessThan(Number(plot[1]) / 3);
});

test('hours are written as of 24', async () => {
  const hours = { unit: 'hour', first, last: first + DAY } as const;
  const face = overTimeFace(compared, { frame: hours, numeric: true, marks }, colors);
  const svg = await (await drawn(face, overTimeRows([{ time: first, ...period }])).runAsync()).toSVG();
  expect(svg).toContain('>12:00<');
  expect(svg).not.toMatch(/>\d\d (A|P)M</);
});

test('time runs in UTC, over whole periods, with the marks that lie within', () => {
  const { spec, title } = CHARTS[4]![1];
  const complete = JSON.stringify(chartSpec({ spec, data: [], title, width: 300, height: 180, colors }));
  expect(complete).toContain('"type":"utc"');
  expect(complete).toContain('v2');
  expect(complete).not.toContain('far away');
  expect(timeDomain(span)).toEqual([first, first + 4 * DAY]);
});

test('of missing values the chosen feature comes first, and what no side has is left out', () => {
  const none = { nulls: [0, 0] as [number, number], defaults: null };
  const rows = missingRows(compared, [
    { column: 'other', rows: 10, nulls: [0, 9], defaults: null },
    { column: 'empty', rows: 10, ...none },
    { column: 'rate', rows: 10, nulls: [1, 1], defaults: [0, 0] },
  ]);
  expect(rows.map(({ what, share }) => [what, share])).toEqual([
    ['NULL: rate', 0.1],
    ['NULL: rate', 0.1],
    ['NULL: other', 0],
    ['NULL: other', 0.9],
  ]);
});
