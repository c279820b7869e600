import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Feature, OnDemandView } from '../catalog/model';
import type { Database } from '../database/database';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { explainValue } from './explanation';
import { summaryWords } from './explanation-words';
import { buildTrainingSet } from './training-set';

const plan = aFeature('plan', 'string', { kind: 'column', column: 'plan' });
const score: Feature = {
  ...aFeature('score', 'float64', { kind: 'column', column: 'score' }),
  default: { kind: 'global_mean' },
  missingIndicator: true,
};
const twice: OnDemandView = {
  name: 'asked',
  features: [
    {
      name: 'twice',
      type: 'float64',
      expression: 'score * 2',
      inputs: [{ name: 'score', view: 'scores', feature: 'score' }],
      parameters: [],
      default: { kind: 'none' },
      missingIndicator: false,
      description: '',
    },
  ],
  description: '',
  tags: {},
};
const views = [
  aView('plans', 'dimension', 'dim', [plan], {
    timestamp: 'since',
    validity: { from: 'since', to: 'until' },
  }),
  aView('scores', 'table', 'ev', [score]),
];
const spine = `SELECT user_id, TIMESTAMP '2025-01-01' + to_days(d) AS ts, d AS score FROM (VALUES (1, 3), (1, 9), (2, 9)) s(user_id, d)`;
const set = aSet(spine, views);
set.features.push({ view: 'asked', feature: 'twice', column: 'twice' });
const catalog = catalogOf({ views, onDemand: [twice], sources: ['dim', 'ev'], sets: [set] });

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query(`
    CREATE TABLE _plumb.source_dim AS SELECT user_id, TIMESTAMP '2025-01-01' + to_days(f) AS since,
      TIMESTAMP '2025-01-01' + to_days(u) AS until, plan, __order
      FROM (VALUES (1, 0, 2, 'trial', 0), (1, 2, 5, 'gold', 1), (1, 20, 30, 'late', 2)) e(user_id, f, u, plan, __order);
    CREATE TABLE _plumb.source_ev AS SELECT user_id, TIMESTAMP '2025-01-01' + to_days(d) AS ts, x AS score, __order
      FROM (VALUES (1, 0, 1.0::DOUBLE, 0), (2, 1, 4.0, 1), (1, 8, NULL, 2)) e(user_id, d, x, __order)`);
  await buildTrainingSet(db, catalog, set, { sample: null });
});
afterAll(() => db.close());

it('tells which row of a dimension holds, which had ended and which come later', async () => {
  const held = await explainValue(db, catalog, set, 0, 'plans:plan');
  expect(held).toMatchObject({ value: 'gold', status: 'present', naive: { value: 'late', leaks: true } });
  expect(held.candidates.map(({ reason }) => reason)).toEqual(['expired', 'won', 'future']);
  expect(summaryWords(held)).toBe('The row that holds at t gives the value.');
  const ended = await explainValue(db, catalog, set, 1, 'plans:plan');
  expect(ended).toMatchObject({ value: null, status: 'expired' });
  expect(summaryWords(ended)).toBe('No row holds at t: every one that had begun had ended.');
});

it('gives the mean that the build took, and the spine without features and indicators', async () => {
  const found = await explainValue(db, catalog, set, 1, 'scores:score');
  expect(found).toMatchObject({ raw: null, value: 2.5, defaulted: true, status: 'null' });
  expect(Object.keys(found.spine)).toEqual(['user_id', 'ts', 'score']);
  expect(summaryWords(found)).toContain('NULL became the mean: 2.5');
});

it('sends those who ask about an on-demand feature to what it is computed from', async () => {
  await expect(explainValue(db, catalog, set, 0, 'asked:twice')).rejects.toMatchObject({
    code: 'catalog.not_supported',
    hint: 'Explain what it is computed from: scores:score.',
  });
});
