import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog, Feature } from '../catalog/model';
import type { Database } from '../database/database';
import { openTestDatabase } from '../testing/test-database';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { bindCatalog } from './bind';
import { BindCache } from './bind-cache';
import { halfOpen } from '../catalog/window';

const WEEK = 7n * 86_400_000_000n;

function aggregateOf(where: string): Feature {
  return aFeature('f', 'int64', {
    kind: 'aggregation',
    window: halfOpen(WEEK),
    aggregation: { fn: 'count', of: '*', where },
  });
}

function withFeature(feature: Feature): Catalog {
  return catalogOf({ views: [aView('v', 'aggregate', 'events', [feature])], sources: ['events'] });
}

describe('bindCatalog', () => {
  let db: Database;
  let describes = 0;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE _plumb.source_events AS SELECT 1::BIGINT AS user_id, TIMESTAMP '2025-01-01' AS ts,
      'view' AS event_type, 1.5::DOUBLE AS amount, 0::BIGINT AS __order`);
    await db.query('CREATE VIEW main.events AS SELECT * EXCLUDE (__order) FROM _plumb.source_events');
    const plain = db.describe.bind(db);
    db.describe = (sql, options) => {
      describes++;
      return plain(sql, options);
    };
  });
  afterAll(() => db.close());

  it('finds nothing wrong in a good catalog', async () => {
    const good = withFeature(aggregateOf("event_type = 'view'"));
    expect(await bindCatalog(db, good, new BindCache())).toEqual([]);
  });

  it('points at a mistyped column in a predicate and names the nearest', async () => {
    const [found] = await bindCatalog(
      db,
      withFeature(aggregateOf("amount > 1 AND even_type = 'view'")),
      new BindCache(),
    );
    expect(found).toEqual({
      cell: 'v',
      path: ['features', 'f', 'where'],
      offset: 15,
      length: 9,
      code: 'catalog.unknown_column',
      message: 'no column even_type in events',
      hint: 'did you mean event_type?',
    });
  });

  it('maps the place into a text of several lines', async () => {
    const [found] = await bindCatalog(
      db,
      withFeature(aggregateOf('amount > 1\n  AND even_type IS NULL')),
      new BindCache(),
    );
    expect([found?.offset, found?.length]).toEqual([17, 9]);
  });

  it.each([
    ['amount > (SELECT max(amount) FROM events)', 'sql.forbidden', 'SELECT'],
    ['true; DROP TABLE events', 'sql.forbidden', ';'],
    ['true) OR (true', null, ''],
    ['random() > 0.5', 'sql.forbidden', 'random'],
    ['__order > 1', 'sql.forbidden', '__order'],
    ['amount > 1) FROM events', 'sql.syntax', ')'],
    ["event_type = 'view", 'sql.syntax', "'view"],
    ['amount +', 'sql.syntax', ''],
    ['sum(amount) > 1', 'sql.bind', ''],
  ])('refuses %s', async (where, code, at) => {
    const [found] = await bindCatalog(db, withFeature(aggregateOf(where)), new BindCache());
    if (code === null) expect(found?.code).toMatch(/^sql\./);
    else expect(found?.code).toBe(code);
    expect(where.slice(found!.offset).startsWith(at)).toBe(true);
  });

  it('checks a default against the declared type', async () => {
    const feature: Feature = { ...aggregateOf('true'), default: { kind: 'constant', value: 'many' } };
    const [found] = await bindCatalog(db, withFeature(feature), new BindCache());
    expect(found).toMatchObject({ path: ['features', 'f', 'default'], code: 'catalog.type_mismatch' });
  });

  it('refuses an expression that does not aggregate', async () => {
    const feature = aFeature('f', 'float64', {
      kind: 'expression',
      window: halfOpen(WEEK),
      expression: 'amount * 2',
    });
    const [found] = await bindCatalog(db, withFeature(feature), new BindCache());
    expect(found).toMatchObject({ path: ['features', 'f', 'expression'], code: 'sql.bind' });
  });

  it('names what the spine lacks', async () => {
    const catalog = catalogOf({
      views: [aView('v', 'aggregate', 'events', [aggregateOf('true')])],
      sources: ['events'],
      sets: [
        {
          name: 'train',
          spineSql: 'SELECT ts AS at, event_type FROM events',
          timestamp: 'ts',
          label: 'even_type',
          features: [{ view: 'v', feature: 'f', column: 'f' }],
          export: null,
        },
      ],
    });
    const found = await bindCatalog(db, catalog, new BindCache());
    expect(found.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['timestamp', 'no column ts in the spine of train'],
      ['label', 'no column even_type in the spine of train'],
      ['features.0', 'no column user_id in the spine of train'],
    ]);
  });

  it('binds only what changed since the last time', async () => {
    const cache = new BindCache();
    const many = Array.from({ length: 30 }, (_, i) => ({ ...aggregateOf(`amount > ${i}`), name: `f${i}` }));
    const before = catalogOf({ views: [aView('v', 'aggregate', 'events', many)], sources: ['events'] });
    await bindCatalog(db, before, cache);
    const edited = [...many.slice(0, 29), { ...aggregateOf('amount < 5'), name: 'f29' }];
    describes = 0;
    await bindCatalog(
      db,
      catalogOf({ views: [aView('v', 'aggregate', 'events', edited)], sources: ['events'] }),
      cache,
    );
    expect(describes).toBe(1);
  });
});
