import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog, DefaultPolicy, OnDemandFeature, TrainingSet } from '../catalog/model';
import { halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { explainValue, type ExpressionExplanation, type RowExplanation } from './explanation';
import { explanationText } from './explanation-text';
import { candidateWords, naiveWords, summaryWords } from './explanation-words';
import { buildTrainingSet } from './training-set';

const DAY = 86_400_000_000n;

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query(`
    CREATE MACRO day(d) AS TIMESTAMP '2025-01-01' + to_microseconds(CAST(round((d - 1) * 86400000000) AS BIGINT));
    CREATE TABLE _plumb.source_dim AS
      SELECT user_id, day(f) AS since, day(u) AS until, day(k) AS known, tier, __order
      FROM (VALUES (1, 2.0, 5.0, 2.0, 'free', 0), (1, 5.0, 8.0, 5.0, 'gold', 1), (1, 8.0, NULL, 9.0, 'top', 2),
        (1, NULL, NULL, 1.0, 'no start', 3), (1, 4.0, 4.0, 4.0, 'never', 4), (2, 2.0, 4.0, 2.0, NULL, 5),
        (3, 20.0, NULL, 20.0, 'later', 6)) e(user_id, f, u, k, tier, __order);
    CREATE TABLE _plumb.source_ev AS
      SELECT user_id, day(d) AS ts, amount, tier, __order
      FROM (VALUES (1, 1.0, 1.0, 'gold', 0), (1, 2.0, 3.0, 'gold', 1), (2, 2.0, 8.0, 'free', 2), (1, 9.0, 50.0, 'gold', 3),
        (3, 2.0, NULL, 'gold', 4), (4, 2.0, NULL, 'new', 5)) e(user_id, d, amount, tier, __order);
    CREATE TABLE spine_rows AS SELECT user_id, day(d) AS ts, bid
      FROM (VALUES (1, 6.0, 2), (1, 8.5, 3), (2, 6.0, 4), (3, 6.0, 5), (4, 6.0, 6)) s(user_id, d, bid)`);
});
afterAll(() => db.close());

describe('a dimension', () => {
  const plans = aView(
    'plans',
    'dimension',
    'dim',
    [aFeature('tier', 'string', { kind: 'column', column: 'tier' })],
    {
      timestamp: 'since',
      validity: { from: 'since', to: 'until' },
    },
  );
  const set = aSet('SELECT * FROM spine_rows', [plans]);
  const dim = { name: 'dim', files: [], timestamp: null, availableAt: 'known', description: '' };
  const catalog: Catalog = {
    ...catalogOf({ views: [plans], sets: [set] }),
    sources: new Map([['dim', dim]]),
  };
  const explain = async (row: number): Promise<RowExplanation> => {
    await buildTrainingSet(db, catalog, set, { sample: null });
    return (await explainValue(db, catalog, set, row, 'plans:tier')) as RowExplanation;
  };

  it('says which interval held, and of the others whether they had ended or had not begun', async () => {
    const found = await explain(0);
    expect(found.value).toBe('gold');
    expect(found.candidates.map((one) => `${one.order} ${candidateWords(one, found)}`)).toEqual([
      '3 without an event time',
      '0 from 4d before t to 1d before t: had ended by t',
      '4 from 2d before t to 2d before t: had ended by t',
      '1 from 1d before t to 2d after t: holds at t',
      '2 from 2d after t on: had not begun, would leak',
    ]);
    expect(summaryWords(found)).toBe('The row that holds at t gives the value.');
    expect(explanationText(found)).toContain(
      'the row of dim with since <= t < until: t is 2025-01-06 00:00:00',
    );
  });

  it('says that a row could not be known yet, had ended, or lies ahead', async () => {
    const late = await explain(1);
    expect(late.value).toBeNull();
    expect(late.candidates.find(({ reason }) => reason === 'not_available')?.order).toBe(2);
    expect(summaryWords(late)).toBe('No row holds at t; those that had begun have ended.');
    expect(summaryWords(await explain(2))).toBe('No row holds at t; those that had begun have ended.');
    expect(summaryWords(await explain(3))).toBe('The one row of this entity in dim lies after t.');
    expect(naiveWords(await explain(3))).toContain('gives later. That leaks: at t nobody could know it.');
  });
});

describe('a mean that stands in', () => {
  const amount = (policy: DefaultPolicy) => ({
    ...aFeature('amount', 'float64', { kind: 'column', column: 'amount' }),
    default: policy,
    missingIndicator: true,
  });
  const tier = aFeature('tier', 'string', { kind: 'column', column: 'tier' });
  const explain = async (policy: DefaultPolicy, row: number): Promise<RowExplanation> => {
    const view = aView('v', 'table', 'ev', [amount(policy), tier]);
    const set: TrainingSet = { ...aSet('SELECT * FROM spine_rows', [view]) };
    set.features = set.features.filter(({ feature }) => feature === 'amount');
    const catalog = catalogOf({ sources: ['ev'], views: [view], sets: [set] });
    const { means } = await buildTrainingSet(db, catalog, set, { sample: null });
    const found = (await explainValue(db, catalog, set, row, 'v:amount', { means })) as RowExplanation;
    const [built] = await queryRows(db, `SELECT * FROM _plumb.training_train WHERE __row = ${row}`);
    expect([found.value, found.naive.value]).toEqual([built!['amount'], built!['__naive_0']]);
    expect(found.indicator).toEqual({ column: 'amount__missing', value: found.raw === null });
    expect(Object.keys(found.spine)).toEqual(['user_id', 'ts', 'bid']);
    expect(await explainValue(db, catalog, set, row, 'v:amount')).toMatchObject({
      value: found.value,
      naive: found.naive,
    });
    return found;
  };

  it('names the rows that it was taken over, and the category', async () => {
    expect(summaryWords(await explain({ kind: 'global_mean' }, 3))).toBe(
      'The newest row in (.., t] gives the value, which is NULL. NULL became the mean of 3 rows before 2025-01-06T00:00:00.000000Z: 4.',
    );
    const own = await explain({ kind: 'category_mean', by: 'tier' }, 3);
    expect(own).toMatchObject({ value: 2, raw: null, defaulted: true, mean: { category: 'gold' } });
    expect(summaryWords(own)).toContain('NULL became the mean of 2 rows with tier gold before 2025-01-06');
    const other = await explain({ kind: 'category_mean', by: 'tier' }, 4);
    expect(summaryWords(other)).toContain('NULL became the mean of 3 rows before 2025-01-06');
    expect(explanationText(own)).toContain('amount__missing = true');
    expect(await explain({ kind: 'global_mean' }, 0)).toMatchObject({ defaulted: false, value: 3 });
  });
});

describe('an on-demand feature', () => {
  const asked = (name: string, expression: string, more: Partial<OnDemandFeature>): OnDemandFeature => ({
    ...aFeature(name, 'float64', { kind: 'column', column: '' }),
    expression,
    inputs: [],
    parameters: [],
    ...more,
  });
  const seen = aView('act', 'aggregate', 'ev', [
    {
      ...aFeature('total', 'float64', {
        kind: 'aggregation',
        window: halfOpen(7n * DAY),
        aggregation: { fn: 'sum', of: 'amount', where: null },
      }),
      default: { kind: 'zero' },
    },
    aFeature('n', 'int64', {
      kind: 'aggregation',
      window: halfOpen(7n * DAY),
      aggregation: { fn: 'count', of: '*', where: null },
    }),
  ]);
  const mixed = {
    name: 'mixed',
    description: '',
    tags: {},
    features: [
      asked('mean', 'total / n', {
        inputs: [
          { name: 'total', view: 'act', feature: 'total' },
          { name: 'n', view: 'act', feature: 'n' },
        ],
      }),
      asked('offer', 'mean * bid', {
        inputs: [{ name: 'mean', view: 'mixed', feature: 'mean' }],
        parameters: ['bid'],
        default: { kind: 'constant', value: -1 },
      }),
    ],
  };
  const set: TrainingSet = {
    ...aSet('SELECT * FROM spine_rows', []),
    features: [{ view: 'mixed', feature: 'offer', column: 'offer' }],
  };
  const catalog = catalogOf({ sources: ['ev'], views: [seen], onDemand: [mixed], sets: [set] });

  it('gives its expression, what that names, and every input in its turn', async () => {
    await buildTrainingSet(db, catalog, set, { sample: null });
    const table = await queryRows(db, 'SELECT * FROM _plumb.training_train ORDER BY __row');
    for (const [row, built] of table.entries()) {
      const found = await explainValue(db, catalog, set, row, 'mixed:offer');
      expect([found.value, found.status, found.naive]).toEqual([
        built['offer'],
        built['__status_0'],
        { value: built['__naive_0'], leaks: built['__leaks_0'] },
      ]);
    }
    const found = (await explainValue(db, catalog, set, 0, 'mixed:offer')) as ExpressionExplanation;
    expect(found).toMatchObject({ kind: 'on_demand', value: 4, expression: 'mean * bid' });
    expect(found.inputs).toEqual([
      {
        name: 'mean',
        ref: 'mixed:mean',
        type: 'float64',
        value: 2,
        status: 'present',
        defaulted: false,
        leaks: true,
      },
    ]);
    expect(found.parameters).toEqual([{ name: 'bid', type: 'INTEGER', value: 2 }]);
    expect(naiveWords(found)).toContain('That leaks: an input comes from after t.');
    const inner = (await explainValue(db, catalog, set, 0, 'mixed:mean')) as ExpressionExplanation;
    expect(inner.inputs.map(({ ref, value }) => [ref, value])).toEqual([
      ['act:total', 4],
      ['act:n', 2n],
    ]);
    const rows = (await explainValue(db, catalog, set, 0, 'act:total')) as RowExplanation;
    expect(rows).toMatchObject({ value: 4, naive: { value: 50, leaks: true } });
    expect(rows.reasons.map(({ reason, rows: count }) => [reason, count])).toEqual([
      ['counted', 2],
      ['future', 1],
    ]);
  });

  it('says so where the default stands in', async () => {
    const found = await explainValue(db, catalog, set, 3, 'mixed:offer');
    expect(summaryWords(found)).toBe('The expression gives 0.');
    const text = explanationText(await explainValue(db, catalog, set, 3, 'mixed:mean'));
    expect(text).toContain('act:total = 0 (null, the default)');
    await expect(explainValue(db, catalog, set, 0, 'mixed:other')).rejects.toMatchObject({
      code: 'catalog.unknown_feature',
    });
  });
});
