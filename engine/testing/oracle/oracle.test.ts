import { describe, expect, it } from 'vitest';
import type {
  OracleAggregation,
  OracleEvent,
  OracleFeature,
  OracleView,
  OracleWindow,
  Payload,
} from './definition';
import { oracleRow } from './oracle';
import { oracleSnapshot } from './snapshot';
import { exactText, type OracleValue } from './value';

/** Hours as microseconds: everything here happens at a whole hour. */
const h = (hours: number): bigint => BigInt(hours) * 3_600_000_000n;

const event = (
  order: number,
  at: number | null,
  payload: Payload,
  more: Partial<OracleEvent> = {},
): OracleEvent => ({
  keys: [1n],
  at: at === null ? null : h(at),
  made: null,
  available: null,
  until: null,
  payload,
  order,
  ...more,
});

const view = (
  kind: OracleView['kind'],
  features: OracleFeature[],
  more: Partial<OracleView> = {},
): OracleView => ({
  name: 'v',
  kind,
  late: false,
  usesMade: false,
  ttl: null,
  features,
  ...more,
});

const column: OracleFeature = {
  name: 'x',
  type: 'string',
  definition: { kind: 'column', column: 'tag' },
  policy: { kind: 'none' },
  indicator: false,
};
const halfOpen = (hours: number): OracleWindow => ({ length: h(hours), offset: 0n, boundary: 'half-open' });
const over = (what: Partial<OracleAggregation>, window = halfOpen(2)): OracleFeature => ({
  name: 'x',
  type: 'float64',
  definition: { kind: 'aggregation', window, aggregation: { fn: 'count', of: '*', where: 'all', ...what } },
  policy: { kind: 'none' },
  indicator: false,
});

/** `value status`, and ` leaks naive` where the naive join leaks. */
function told(one: OracleView, events: OracleEvent[], t: number | null, key: OracleValue = 1n): string {
  const [cell] = oracleRow(one, events, { keys: [key], t: t === null ? null : h(t) });
  const { value, status, leaks, naive } = cell!;
  return `${exactText(value)} ${status}${leaks ? ` leaks ${exactText(naive)}` : ''}`;
}

describe('a feature table', () => {
  const rows = [event(0, 1, { tag: 'a' }), event(1, 3, { tag: null }), event(2, null, { tag: 'z' })];
  it('gives the newest row at or before t, NULL for NULL, and no row without a time', () => {
    const table = view('table', [column]);
    expect([0, 1, 2, 3, 9, null].map((t) => told(table, rows, t))).toEqual([
      'NULL missing leaks NULL',
      '"a" present leaks NULL',
      '"a" present leaks NULL',
      'NULL null',
      'NULL null',
      'NULL missing',
    ]);
    expect(told(table, rows, 9, null)).toBe('NULL missing');
    expect(told(table, rows, 9, 2n)).toBe('NULL missing');
  });

  it('lets a row expire after its ttl, not at it', () => {
    const table = view('table', [column], { ttl: h(2) });
    expect([2, 3, 5, 6].map((t) => told(table, [event(0, 1, { tag: 'a' })], t))).toEqual([
      '"a" present',
      '"a" present',
      'NULL expired',
      'NULL expired',
    ]);
  });

  it('decides ties by created time, one without losing, then by the last place', () => {
    const tied = [
      event(0, 1, { tag: 'a' }, { made: h(5) }),
      event(1, 1, { tag: 'b' }, { made: h(5) }),
      event(2, 1, { tag: 'c' }),
    ];
    expect(told(view('table', [column]), tied, 1)).toBe('"c" present');
    expect(told(view('table', [column], { usesMade: true }), tied, 1)).toBe('"b" present');
  });

  it('sees a row once it is available, never one that never was', () => {
    const late = view('table', [column], { late: true, ttl: h(4) });
    const told2 = [
      event(0, 1, { tag: 'a' }, { available: h(1) }),
      event(1, 2, { tag: 'b' }, { available: h(4) }),
    ];
    expect([1, 3, 4].map((t) => told(late, told2, t))).toEqual([
      '"a" present leaks "b"',
      '"a" present leaks "b"',
      '"b" present',
    ]);
    expect(told(late, [event(0, 1, { tag: 'a' })], 9)).toBe('NULL missing leaks "a"');
  });
});

describe('a view of intervals', () => {
  const held = [event(0, 1, { tag: 'a' }, { until: h(2) }), event(1, 3, { tag: 'b' }, { until: null })];
  it('gives the row that holds at t', () => {
    const answers = [0, 1, 2, 3, 9].map((t) =>
      told(view('dimension', [column]), held, t).replace(/ leaks.*/, ''),
    );
    expect(answers).toEqual(['NULL missing', '"a" present', 'NULL expired', '"b" present', '"b" present']);
  });
});

describe('an aggregate', () => {
  const events = [
    event(0, 1, { i: 5n, f: -0 }),
    event(1, 3, { i: null, f: NaN }),
    event(2, 3, { i: 7n, f: 0 }),
  ];
  it('counts at the lower edge and not at the upper, and knows why nothing is there', () => {
    const count = view('aggregate', [over({})]);
    expect([1, 2, 3, 5, 6, null].map((t) => told(count, events, t))).toEqual([
      '0 missing leaks 2',
      '1 present leaks 2',
      '1 present',
      '2 present',
      '0 expired',
      '0 missing',
    ]);
  });

  it('counts an event of availability at t only, whatever the offset', () => {
    const late = [event(0, 1, {}, { available: h(4) })];
    const one = view('aggregate', [over({}, { ...halfOpen(2), offset: h(1) })], { late: true });
    expect([3, 4, 5].map((t) => told(one, late, t).replace(/ leaks.*/, ''))).toEqual([
      '0 missing',
      '1 present',
      '0 expired',
    ]);
  });

  it.each<[Partial<OracleAggregation>, string]>([
    [{ fn: 'count', of: 'i' }, '2 present'],
    [{ fn: 'count', where: 'none' }, '0 present'],
    [{ fn: 'sum', of: 'i' }, '12 present'],
    [{ fn: 'sum', of: 'i', where: 'none' }, 'NULL null'],
    [{ fn: 'avg', of: 'i' }, '6 present'],
    [{ fn: 'min', of: 'f' }, '0 present'],
    [{ fn: 'max', of: 'f' }, 'NaN present'],
    [{ fn: 'count_distinct', of: 'f' }, '2 present'],
    [{ fn: 'mode', of: 'f' }, '0 present'],
    [{ fn: 'mode', of: 'i' }, '5 present'],
    [{ fn: 'first', of: 'f' }, '0 present'],
    [{ fn: 'last', of: 'i' }, '7 present'],
    [{ fn: 'last', of: 'i', where: 'tag_a' }, 'NULL null'],
    [{ fn: 'last_n', of: 'i', parameter: 2 }, '[NULL, 7] present'],
    [{ fn: 'last_n', of: 'i', parameter: 9 }, '[5, NULL, 7] present'],
    [{ fn: 'last_n', of: 'i', parameter: 9, where: 'none' }, 'NULL null'],
    [{ fn: 'variance', of: 'i' }, '2 present'],
    [{ fn: 'stddev', of: 'i' }, `${Math.SQRT2} present`],
    [{ fn: 'quantile', of: 'i', parameter: 0.25 }, '5.5 present'],
    [{ fn: 'entropy', of: 'i' }, '1 present'],
    [{ fn: 'entropy', of: 'tag' }, 'NULL null'],
  ])('%j is %s', (what, answer) => {
    expect(told(view('aggregate', [over(what, halfOpen(5))]), events, 5)).toBe(answer);
  });

  it('gives NULL for a ratio over zero and its default in the place of NULL', () => {
    const ratio = (where: OracleAggregation['where']): OracleFeature => ({
      ...over({}),
      policy: { kind: 'zero' },
      definition: {
        kind: 'ratio',
        window: halfOpen(5),
        of: { fn: 'count', of: '*', where: 'all' },
        over: { fn: 'count', of: '*', where },
      },
    });
    expect(told(view('aggregate', [ratio('i_positive')]), events, 5)).toBe('1.5 present');
    expect(told(view('aggregate', [ratio('none')]), events, 5)).toBe('0 null');
  });
});

describe('a session', () => {
  // At hours 1, 2, 4, 5 and 5.
  const events = [1, 2, 4, 5, 5].map((at, order) => event(order, at, { i: BigInt(order), b: order < 4 }));
  const counted = (
    t: number,
    session: bigint,
    window: Partial<OracleWindow> = {},
    what: Partial<OracleAggregation> = {},
  ) => told(view('aggregate', [over(what, { ...halfOpen(24), session, ...window })]), events, t);

  it.each([
    ['all within the gap', counted(6, h(3)), '5 present'],
    ['a gap of exactly so much ends it', counted(6, h(2)), '3 present'],
    ['a gap of a microsecond less does not', counted(6, h(2) + 1n), '5 present'],
    ['none, too long before t', counted(8, h(3)), '0 expired'],
    ['an event at t belongs to a closed window only', counted(5, h(2)), '1 present'],
    ['an event at t belongs to a closed window', counted(5, h(2), { boundary: 'closed' }), '3 present'],
    ['an offset moves where it ends', counted(9, h(2), { offset: h(3) }), '3 present'],
    [
      'where leaves an event out, which still holds the session open',
      counted(6, h(2), {}, { where: 'flag' }),
      '2 present',
    ],
    ['nothing beyond the window', counted(6, h(3), { length: h(2) }), '3 present'],
  ])('has %s', (_, found, wanted) => {
    expect(found).toBe(wanted);
  });
});

describe('a snapshot', () => {
  it('has the entities that are there at T, without defaults', () => {
    const rows = [
      event(0, 1, { tag: 'a' }),
      event(1, 2, { tag: 'b' }, { keys: [2n] }),
      event(2, 1, { tag: 'c' }, { keys: [null] }),
    ];
    const feature: OracleFeature = { ...column, policy: { kind: 'constant', value: 'none' } };
    expect(oracleSnapshot(view('table', [feature]), rows, h(1))).toEqual([
      { keys: [1n], eventTime: h(1), values: ['a'] },
    ]);
  });
});
