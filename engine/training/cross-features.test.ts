import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalog, Entity, ScalarType } from '../catalog/model';
import { DAY, halfOpen } from '../catalog/window';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { prepareView } from '../sql/view-facts';
import { snapshotSql } from '../sql/snapshot';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet } from './training-set';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const count = aFeature('n', 'int64', {
  kind: 'aggregation',
  window: halfOpen(7n * DAY),
  aggregation: { fn: 'count', of: '*', where: null },
});
const last = aFeature('tag', 'string', { kind: 'column', column: 'tag' });
const views = [
  aView('pairs', 'aggregate', 'pair', [count], { entities: ['user', 'item'] }),
  aView('latest', 'table', 'pair', [last], { entities: ['user', 'item'] }),
];

function catalogFor(type: ScalarType): Catalog {
  const base = catalogOf({ views, sources: ['pair'] });
  const entity = (name: string, key: string): [string, Entity] => [
    name,
    { name, joinKeys: [{ name: key, type }], description: '' },
  ];
  return { ...base, entities: new Map([entity('user', 'u'), entity('item', 'i')]) };
}

// Written one after the other, the keys of each case are one and the same text.
it.each<[ScalarType, string, [unknown, unknown][]]>([
  [
    'string',
    "('a', 'bc', 1), ('ab', 'c', 2), ('', 'abc', 3)",
    [
      ['a', 'bc'],
      ['ab', 'c'],
      ['', 'abc'],
    ],
  ],
  [
    'string',
    "('a,b', 'c', 1), ('a', 'b,c', 2)",
    [
      ['a,b', 'c'],
      ['a', 'b,c'],
    ],
  ],
  [
    'int64',
    '(1, 23, 1), (12, 3, 2)',
    [
      [1, 23],
      [12, 3],
    ],
  ],
  [
    'int64',
    '(9007199254740992, 1, 1), (9007199254740993, 1, 2)',
    [
      [9_007_199_254_740_992n, 1],
      [9_007_199_254_740_993n, 1],
    ],
  ],
])('a view of two entities compares %s keys one by one: %s', async (type, rows, keys) => {
  await db.query(`CREATE OR REPLACE TABLE _plumb.source_pair AS
    SELECT u, i, TIMESTAMP '2025-01-01' + to_hours(h) AS ts, 'tag' || times AS tag, row_number() OVER () - 1 AS __order
    FROM (VALUES ${rows}) e(u, i, times), range(times) r(h)`);
  const spine = `SELECT u, i, TIMESTAMP '2025-01-02' AS ts FROM (VALUES ${rows}) s(u, i, times) ORDER BY times`;
  const set = aSet(spine, views);
  const catalog = catalogFor(type);
  await buildTrainingSet(db, catalog, set, { sample: null });
  const trained = await queryRows(db, 'SELECT n, tag FROM main.train');
  expect(trained).toEqual(keys.map((_, at) => ({ n: BigInt(at + 1), tag: `tag${at + 1}` })));
  const snapshot = await queryRows(
    db,
    snapshotSql(await prepareView(db, catalog, 'pairs'), 1_735_776_000_000_000n, null),
  );
  expect(snapshot.map(({ n }) => n).sort()).toEqual(keys.map((_, at) => BigInt(at + 1)));
});
