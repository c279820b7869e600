import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog, OnDemandFeature } from '../catalog/model';
import type { Database } from '../database/database';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { bindCatalog } from './bind';
import { BindCache } from './bind-cache';

const tier = aFeature('tier', 'string', { kind: 'column', column: 'tier' });
const amount = aFeature('amount', 'float64', { kind: 'column', column: 'amount' });
const profile = aView('profile', 'table', 'events', [tier, amount]);

function asking(
  expression: string,
  more: Partial<OnDemandFeature> = {},
  spine = 'SELECT 1 AS user_id, now()::TIMESTAMP AS ts, 2 AS parts',
): Catalog {
  const feature: OnDemandFeature = {
    name: 'f',
    type: 'float64',
    expression,
    inputs: [tier, amount].map(({ name }) => ({ name, view: 'profile', feature: name })),
    parameters: [],
    default: { kind: 'none' },
    missingIndicator: false,
    description: '',
    ...more,
  };
  const set = {
    name: 'train',
    spineSql: spine,
    timestamp: 'ts',
    label: null,
    features: [{ view: 'asked', feature: 'f', column: 'f' }],
    export: null,
  };
  return catalogOf({
    views: [profile],
    onDemand: [{ name: 'asked', features: [feature], description: '', tags: {} }],
    sources: ['events'],
    sets: [set],
  });
}

describe('binding on-demand features', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE _plumb.source_events AS SELECT 1::BIGINT AS user_id, TIMESTAMP '2025-01-01' AS ts,
      'a' AS tier, 1.5::DOUBLE AS amount, 'soon' AS until, 0::BIGINT AS __order`);
  });
  afterAll(() => db.close());
  const problems = (catalog: Catalog) => bindCatalog(db, catalog, new BindCache());

  it('finds nothing wrong in a good one, whose parameter is a column of the spine', async () => {
    expect(await problems(asking('amount / parts', { parameters: ['parts'] }))).toEqual([]);
  });

  it.each([
    ['amount / upper(tier)', 7, 'sql.bind'],
    ['amount +\n  amont', 11, 'catalog.unknown_column'],
    ['sum(amount)', 0, 'sql.bind'],
    ['amount; DROP TABLE x', 6, 'sql.forbidden'],
    ['random() * amount', 0, 'sql.forbidden'],
    ['(SELECT 1)', 1, 'sql.forbidden'],
    ['__value_0 + 1', 0, 'sql.forbidden'],
    ['amount + (', 9, 'sql.syntax'],
  ])('points into %s', async (expression, offset, code) => {
    const [found] = await problems(asking(expression));
    expect(found).toMatchObject({ cell: 'asked', path: ['features', 'f', 'expression'], offset, code });
  });

  it('names what the expression could have read', async () => {
    const [found] = await problems(asking('amont * 2'));
    expect(found).toMatchObject({
      message: 'no column amont in what asked:f reads',
      hint: 'did you mean amount?',
    });
  });

  it('checks parameter types against the spine that meets them', async () => {
    const spine = `SELECT 1 AS user_id, now()::TIMESTAMP AS ts, 'three' AS parts`;
    const [found] = await problems(asking('amount / list_sum([parts])', { parameters: ['parts'] }, spine));
    expect(found).toMatchObject({ code: 'sql.bind', cell: 'asked' });
  });

  it('says at the training set which parameter or join key its spine lacks', async () => {
    const spine = 'SELECT now()::TIMESTAMP AS ts';
    const found = await problems(asking('amount / parts', { parameters: ['parts'] }, spine));
    expect(found.map(({ cell, path, message }) => [cell, path.join('.'), message])).toEqual([
      ['train', 'features.0', 'no column user_id in the spine of train'],
      ['train', 'features.0', 'no column parts in the spine of train'],
    ]);
  });

  it('refuses a default that does not fit the type', async () => {
    const [found] = await problems(asking('amount', { default: { kind: 'constant', value: 'x' } }));
    expect(found).toMatchObject({ path: ['features', 'f', 'default'], code: 'catalog.type_mismatch' });
  });
});

describe('binding a dimension', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE _plumb.source_dim AS SELECT 1::BIGINT AS user_id, DATE '2025-01-01' AS since,
      'soon' AS until, 'a' AS tier, 0::BIGINT AS __order`);
  });
  afterAll(() => db.close());

  it('wants both ends to be there, and to be times', async () => {
    const view = (from: string, to: string) =>
      catalogOf({
        views: [aView('plans', 'dimension', 'dim', [tier], { timestamp: from, validity: { from, to } })],
        sources: [],
      });
    const bind = (from: string, to: string) =>
      bindCatalog(
        db,
        {
          ...view(from, to),
          sources: new Map([
            ['dim', { name: 'dim', files: [], timestamp: null, availableAt: null, description: '' }],
          ]),
        },
        new BindCache(),
      );
    expect(await bind('since', 'since')).toEqual([]);
    expect(await bind('sinse', 'until')).toMatchObject([
      { path: ['valid_from'], code: 'catalog.unknown_column', hint: 'did you mean since?' },
      {
        path: ['valid_to'],
        code: 'catalog.type_mismatch',
        message: 'until in dim is VARCHAR, and valid_to must be a time',
      },
    ]);
  });
});
