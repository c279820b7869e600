import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Aggregation, AggregationName, FeatureDefinition } from '../catalog/model';
import { halfOpen, type TimeWindow } from '../catalog/window';
import type { Database } from '../database/database';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { explainValue, type Explanation, type ExplainOptions, type RowExplanation } from './explanation';
import { explanationText } from './explanation-text';
import { candidateWords, naiveWords, summaryWords } from './explanation-words';
import { buildTrainingSet } from './training-set';

const HOUR = 3_600_000_000n;
const START = 1_735_689_600_000_000n;
const hour = (count: number): bigint => START + BigInt(count) * HOUR;

const one = (fn: AggregationName, of = 'v', where: string | null = null): Aggregation => ({ fn, of, where });
const over = (aggregation: Aggregation): FeatureDefinition => ({
  kind: 'aggregation',
  window: halfOpen(4n * HOUR),
  aggregation,
});

const activity = aView('act', 'aggregate', 'ev', [
  aFeature('n', 'int64', over(one('count', '*', 'v > 1'))),
  aFeature('total', 'int64', over(one('sum'))),
  aFeature('least', 'int64', over(one('min'))),
  aFeature('most', 'int64', over(one('max'))),
  aFeature('latest', 'int64', over(one('last'))),
  {
    ...aFeature('rate', 'float64', {
      kind: 'ratio',
      window: halfOpen(4n * HOUR),
      of: one('count', '*', 'v > 1'),
      over: one('count', '*'),
    }),
    default: { kind: 'zero' },
  },
]);
const profile = aView(
  'prof',
  'table',
  'pr',
  [aFeature('tier', 'string', { kind: 'column', column: 'tier' })],
  {
    ttl: 3n * HOUR,
    createdTimestamp: 'made',
  },
);
const set = aSet('SELECT * FROM spine_rows', [activity, profile]);
const catalog = catalogOf({ sources: ['ev', 'pr'], views: [activity, profile], sets: [set] });

/** An explanation by source rows. */
function rowsOf(explanation: Explanation): RowExplanation {
  if (explanation.kind === 'on_demand') throw new Error('an expression');
  return explanation;
}

describe('explainValue', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`
      CREATE TABLE _plumb.source_ev AS
        SELECT user_id, TIMESTAMP '2025-01-01' + to_hours(h) AS ts, v, i AS __order FROM (VALUES
          (1, 0, 9, 0), (1, 4, 3, 1), (1, 5, 1, 2), (1, 5, 3, 3), (1, 6, NULL, 4), (1, 8, 2, 5), (1, 9, 7, 6),
          (1, NULL, 4, 7), (2, 30, 5, 8), (NULL, 5, 5, 9)) e(user_id, h, v, i);
      CREATE TABLE _plumb.source_pr AS
        SELECT user_id, TIMESTAMP '2025-01-01' + to_hours(h) AS ts, TIMESTAMP '2025-01-01' + to_hours(m) AS made, tier, i AS __order
        FROM (VALUES (1, 1, 1, 'old', 0), (1, 5, 5, 'low', 1), (1, 7, 9, 'won', 2), (1, 7, 8, 'lost', 3), (1, 7, NULL, 'unmade', 4),
          (1, 8, 8, 'late', 5), (1, 20, 20, NULL, 6)) e(user_id, h, m, tier, i);
      CREATE TABLE spine_rows AS SELECT user_id, TIMESTAMP '2025-01-01' + to_hours(h) AS ts
        FROM (VALUES (1, 8), (1, 7), (2, 8), (3, 8), (NULL, 8), (1, NULL), (1, 15), (1, 21)) e(user_id, h)`);
    await buildTrainingSet(db, catalog, set, { sample: null });
  });
  afterAll(() => db.close());

  const explain = async (row: number, ref: string, options?: ExplainOptions): Promise<RowExplanation> =>
    rowsOf(await explainValue(db, catalog, set, row, ref, options));
  /** Every row's place in the source with its reason. */
  const fates = async (row: number, ref: string): Promise<string[]> =>
    (await explain(row, ref)).candidates.map(({ order, reason }) => `${order} ${reason}`);

  it('says of every event why it counts or does not', async () => {
    expect(await fates(0, 'act:n')).toEqual([
      '7 no_time',
      '0 before_window',
      '1 counted',
      '2 filtered',
      '3 counted',
      '4 filtered',
      '5 after_window',
      '6 future',
    ]);
    const { reasons, window, t, value, columns } = await explain(0, 'act:n');
    expect({ t, window, value }).toEqual({
      t: hour(8),
      window: { from: hour(4), to: hour(8), included: false, text: '[t-4h, t)' },
      value: 2n,
    });
    expect(reasons).toEqual([
      { reason: 'counted', side: null, rows: 2, first: hour(4), last: hour(5) },
      { reason: 'filtered', side: null, rows: 2, first: hour(5), last: hour(6) },
      { reason: 'before_window', side: null, rows: 1, first: hour(0), last: hour(0) },
      { reason: 'after_window', side: null, rows: 1, first: hour(8), last: hour(8) },
      { reason: 'future', side: null, rows: 1, first: hour(9), last: hour(9) },
      { reason: 'no_time', side: null, rows: 1, first: null, last: null },
    ]);
    expect(columns.map(({ name }) => name)).toEqual(['user_id', 'ts', 'v']);
  });

  it.each([
    ['total', ['1 counted', '2 counted', '3 counted', '4 null_input']],
    ['least', ['1 counted', '2 won', '3 counted', '4 null_input']],
    ['most', ['1 won', '2 counted', '3 won', '4 null_input']],
    ['latest', ['1 counted', '2 counted', '3 counted', '4 won']],
  ])('marks the events that decided %s', async (name, wanted) => {
    expect((await fates(0, `act:${name}`)).slice(2, 6)).toEqual(wanted);
  });

  it('tells a ratio’s sides apart', async () => {
    const found = await explain(0, 'act:rate');
    expect(found).toMatchObject({ value: 0.5, ratio: { of: 2, over: 4 } });
    expect(found.candidates.slice(2, 6).map(({ side }) => side)).toEqual(['both', 'over', 'both', 'over']);
    expect(explanationText(found)).toContain('Numerator 2, denominator 4.');
  });

  it('says of every row of a feature table why it won or lost', async () => {
    const wanted = ['0 expired', '1 superseded', '2 won', '3 lost_tie', '4 lost_tie', '5 future', '6 future'];
    expect(await fates(1, 'prof:tier')).toEqual(wanted);
    const { window, value, naive } = await explain(1, 'prof:tier');
    expect(value).toBe('won');
    expect(window).toEqual({ from: hour(4), to: hour(7), included: true, text: '[t-3h, t]' });
    expect(naive).toEqual({ value: null, leaks: true, last: hour(20) });
  });

  it('says in words what made the value, or why there is none', async () => {
    const words = async (row: number, ref: string) => summaryWords(await explain(row, ref));
    expect(await words(1, 'prof:tier')).toBe('The newest row in [t-3h, t] gives the value.');
    expect(await words(7, 'prof:tier')).toBe('The newest row in [t-3h, t] gives the value, which is NULL.');
    expect(await words(6, 'prof:tier')).toBe('The newest row is older than the ttl: [t-3h, t] holds none.');
    expect(await words(3, 'prof:tier')).toBe('pr has no row of this entity at all.');
    expect(await words(0, 'act:n')).toBe('2 events in [t-4h, t) count.');
    expect(await words(0, 'act:latest')).toBe('4 events in [t-4h, t) count, 1 of them decides the value.');
    expect(await words(6, 'act:n')).toBe('No event lies in [t-4h, t), only older ones.');
    expect(await words(2, 'act:rate')).toBe(
      'The one row of this entity in ev lies after t. NULL became the default zero: 0.',
    );
    expect(await words(4, 'act:n')).toBe('user_id is NULL in the spine row, and NULL matches nothing.');
    expect(await words(5, 'act:n')).toBe('The spine row has no time, so nothing lies before it.');
  });

  it('says what a naive join takes and why that leaks', async () => {
    expect(naiveWords(await explain(1, 'prof:tier'))).toBe(
      'A naive join takes the newest row of all, of 2025-01-01 20:00:00 UTC, 13h after t, and gives NULL. That leaks: at t nobody could know it.',
    );
    expect(naiveWords(await explain(2, 'act:n'))).toBe(
      'A naive join counts up to the end of the data, here to 2025-01-02 06:00:00 UTC, 22h after t, and gives 1. That leaks: at t nobody could know it.',
    );
    expect(naiveWords(await explain(7, 'prof:tier'))).toContain(
      'gives the same NULL. That does not leak here.',
    );
    expect(naiveWords(await explain(3, 'prof:tier'))).toBe('A naive join finds nothing to take: NULL.');
  });

  it('gives some rows of every reason and the nearest, and counts all', async () => {
    await db.query(`
      CREATE OR REPLACE TABLE _plumb.source_ev AS SELECT * FROM _plumb.source_ev UNION ALL
        SELECT 8, TIMESTAMP '2025-01-01' + to_seconds(i), i, i + 100 FROM range(100000) t(i)`);
    await db.query("INSERT INTO spine_rows VALUES (8, TIMESTAMP '2025-01-01 20:00:00')");
    await buildTrainingSet(db, catalog, set, { sample: null });
    const found = await explain(8, 'act:n', { limit: 40 });
    expect(found.reasons.map(({ reason, rows }) => [reason, rows])).toEqual([
      ['counted', 14_400],
      ['before_window', 57_600],
      ['after_window', 1],
      ['future', 27_999],
    ]);
    expect(found.candidates).toHaveLength(40);
    const shown = (reason: string) => found.candidates.filter((row) => row.reason === reason).length;
    expect([shown('before_window'), shown('after_window')]).toEqual([5, 1]);
    expect(explanationText(found)).toContain(
      '40 of 100,000 rows: some of each kind, then those nearest to t',
    );
  });

  it('refuses rows and features that are not there', async () => {
    await expect(explain(99, 'act:n')).rejects.toMatchObject({ code: 'usage' });
    await expect(explain(1.5, 'act:n')).rejects.toMatchObject({ code: 'usage' });
    await expect(explain(0, 'act:other')).rejects.toMatchObject({ code: 'catalog.unknown_feature' });
  });
});

describe('explainValue of every window and aggregation', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`
      CREATE TABLE _plumb.source_ev AS
        SELECT user_id, TIMESTAMP '2025-01-01' + to_minutes(m) AS ts, TIMESTAMP '2025-01-01' + to_minutes(k) AS known,
          v, v::VARCHAR AS word, i AS __order FROM (VALUES
          (1, 100, 100, 1, 0), (1, 240, 240, 3, 1), (1, 300, 300, NULL, 2), (1, 310, 310, 4, 3), (1, 320, 321, 1, 4),
          (1, 330, 330, 3, 5), (1, 400, 400, 5, 6), (1, 480, 480, 9, 7), (1, 330, 900, 7, 8), (1, 90, 901, 7, 9),
          (1, 340, NULL, 7, 10)) e(user_id, m, k, v, i);
      CREATE TABLE spine_rows AS SELECT 1 AS user_id, TIMESTAMP '2025-01-01 08:00:00' AS ts`);
  });
  afterAll(() => db.close());

  const explainOne = async (
    definition: FeatureDefinition,
    availableAt: string | null = 'known',
  ): Promise<RowExplanation> => {
    const list = definition.kind === 'aggregation' && definition.aggregation.fn === 'last_n';
    const view = aView('act', 'aggregate', 'ev', [aFeature('f', list ? 'float64[]' : 'float64', definition)]);
    const sources = new Map([
      ['ev', { name: 'ev', files: [], timestamp: 'ts', availableAt, description: '' }],
    ]);
    const set = aSet('SELECT * FROM spine_rows', [view]);
    const catalog = { ...catalogOf({ views: [view], sets: [set] }), sources };
    await buildTrainingSet(db, catalog, set, { sample: null });
    const found = rowsOf(await explainValue(db, catalog, set, 0, 'act:f'));
    expect(found.reasons.reduce((sum, { rows }) => sum + rows, 0)).toBe(11);
    return found;
  };
  const orders = ({ candidates }: RowExplanation, reason: string): number[] =>
    candidates.filter((row) => row.reason === reason).map(({ order }) => order);

  it.each<[string, Partial<TimeWindow>, string, number[], number[], boolean]>([
    ['half-open', {}, '[t-4h, t)', [0], [7], false],
    ['closed', { boundary: 'closed' }, '[t-4h, t]', [0], [], true],
    ['open-closed', { boundary: 'open-closed' }, '(t-4h, t]', [0, 1], [], true],
    ['sawtooth', { boundary: 'sawtooth' }, '[t-4h rounded down to 5m, t)', [0], [7], false],
    [
      'calendar-day',
      { boundary: 'calendar-day' },
      '[day of t - 4h, day of t)',
      [],
      [0, 1, 2, 3, 4, 5, 6, 7],
      false,
    ],
    ['offset', { offset: HOUR }, '[t-5h, t-1h)', [0], [7], false],
  ])('tells on which side of a %s window an event lies', async (_, change, text, before, after, included) => {
    const window = { ...halfOpen(4n * HOUR), ...change };
    const found = await explainOne({ kind: 'aggregation', window, aggregation: one('count', '*') });
    expect(found.window).toMatchObject({ text, included });
    expect(orders(found, 'before_window')).toEqual(before);
    expect(orders(found, 'after_window')).toEqual(after);
    expect(orders(found, 'counted')).toHaveLength(Number(found.value));
  });

  it('says which events could not be known at t', async () => {
    const found = await explainOne(over(one('count', '*')));
    expect(orders(found, 'not_available')).toEqual([9, 8, 10]);
    expect(
      found.candidates
        .filter(({ reason }) => reason === 'not_available')
        .map((row) => candidateWords(row, found)),
    ).toEqual([
      '6h 30m before t: not yet available at t, only 7h 1m after t',
      '2h 30m before t: not yet available at t, only 7h after t',
      '2h 20m before t: not yet available at t, nor ever after',
    ]);
    expect(naiveWords(found)).toBe(
      'A naive join counts up to the end of the data, some of which could never be known, and gives 8. That leaks: at t nobody could know it.',
    );
    expect(orders(await explainOne(over(one('count', '*')), null), 'not_available')).toEqual([]);
  });

  it.each<[string, Aggregation, number[], unknown]>([
    ['min', one('min'), [4], 1],
    ['max', one('max'), [6], 5],
    ['first', one('first'), [1], 3],
    ['last', one('last'), [6], 5],
    ['last_n', { ...one('last_n'), parameter: 2 }, [5, 6], [3, 5]],
    ['mode', one('mode'), [1, 5], 3],
    ['an interpolated quantile', { ...one('quantile'), parameter: 0.6 }, [1, 3], 3.4],
    ['a median', { ...one('quantile'), parameter: 0.5 }, [1], 3],
  ])('marks the events that decide %s', async (_, aggregation, decided, value) => {
    const found = await explainOne(over(aggregation));
    expect(found.value).toEqual(value);
    expect(orders(found, 'won')).toEqual(decided);
  });

  it.each(['stddev', 'variance', 'entropy', 'approx_count_distinct', 'count_distinct', 'avg'] as const)(
    'counts every value in %s',
    async (fn) => {
      const found = await explainOne(over(one(fn)));
      expect([orders(found, 'counted'), orders(found, 'null_input')]).toEqual([[1, 3, 4, 5, 6], [2]]);
    },
  );

  it('counts every event of an expression', async () => {
    const found = await explainOne({
      kind: 'expression',
      window: halfOpen(4n * HOUR),
      expression: 'sum(v) / count(*)',
    });
    expect(orders(found, 'counted')).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
