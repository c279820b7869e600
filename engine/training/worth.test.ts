import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import type { FeatureSummary } from '../results';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { buildTrainingSet } from './training-set';
import { worthOf } from './worth';

const column = (name: string, type: 'float64' | 'int64' | 'bool' | 'string') =>
  aFeature(name, type, { kind: 'column', column: name });
const view = aView('prof', 'table', 'prof', [
  column('score', 'float64'),
  column('whole', 'int64'),
  column('flag', 'bool'),
  column('same', 'int64'),
  column('empty', 'float64'),
  column('text', 'string'),
]);

type Pair = [feature: number, label: number];

/** The share of (negative, positive) pairs in which the positive one has the greater feature; a tie is a half. */
function shareOfPairs(pairs: Pair[]): number | null {
  const top = Math.max(...pairs.map(([, label]) => label));
  const positive = pairs.filter(([, label]) => label === top);
  const negative = pairs.filter(([, label]) => label !== top);
  let won = 0;
  for (const [high] of positive) for (const [low] of negative) won += high > low ? 1 : high === low ? 0.5 : 0;
  return positive.length * negative.length === 0 ? null : won / (positive.length * negative.length);
}

/** |Pearson| of ranks that are counted one by one. */
function rankCorrelation(pairs: Pair[]): number | null {
  const ranks = (side: 0 | 1): number[] =>
    pairs.map((one) => {
      const below = pairs.filter((other) => other[side] < one[side]).length;
      const same = pairs.filter((other) => other[side] === one[side]).length;
      return below + (same + 1) / 2;
    });
  const [x, y] = [ranks(0), ranks(1)];
  const mean = (pairs.length + 1) / 2;
  const product = (a: number[], b: number[]): number =>
    a.reduce((sum, value, index) => sum + (value - mean) * (b[index]! - mean), 0);
  const spread = product(x, x) * product(y, y);
  return spread === 0 ? null : Math.abs(product(x, y) / Math.sqrt(spread));
}

describe('worth', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    // Ten users; early rows tell little, late ones (after the spine) tell the label.
    await db.query(`
      CREATE TABLE _plumb.source_prof AS SELECT i AS __order, i % 10 AS user_id,
        TIMESTAMP '2025-01-01' + to_hours(i) AS ts,
        CASE WHEN i % 7 > 0 THEN (i * 37) % 11 / 4.0 END AS score,
        CASE WHEN i % 5 > 0 THEN (i * 13) % 4 END::BIGINT AS whole,
        (i * 29) % 3 = 0 AS flag, 4::BIGINT AS same, NULL::DOUBLE AS empty, 'x' || i AS text
        FROM range(120) r(i);
      CREATE TABLE spine_rows AS SELECT i, (i * 7) % 11 AS user_id, TIMESTAMP '2025-01-02' + to_hours(i % 50) AS ts,
        CASE WHEN i % 9 > 0 THEN (i * 31) % 17 % 2 = 0 END AS yes,
        CASE WHEN i % 9 > 0 THEN 5 + (i * 31) % 17 % 2 END AS binary,
        CASE WHEN i % 8 > 0 THEN (i * 31) % 6 / 2.0 END AS graded, 3 AS constant, 'a' AS word
        FROM range(160) r(i)`);
  });
  afterAll(() => db.close());

  const built = async (label: string | null): Promise<FeatureSummary[]> => {
    const set = aSet('SELECT * FROM spine_rows', [view], { label });
    return (await buildTrainingSet(db, catalogOf({ views: [view], sets: [set] }), set, { sample: null }))
      .features;
  };
  const pairsOf = async (feature: string, label: string): Promise<Pair[]> => {
    const rows = await queryRows(
      db,
      `SELECT "${feature}"::DOUBLE AS x, "${label}"::DOUBLE AS y FROM _plumb.training_train`,
    );
    const all = rows.map((row) => [row['x'], row['y']] as [number | null, number | null]);
    return all.filter((pair): pair is Pair => pair[0] !== null && pair[1] !== null);
  };

  it.each([
    ['yes', 'auc', shareOfPairs],
    ['binary', 'auc', shareOfPairs],
    ['graded', 'spearman', rankCorrelation],
  ] as const)('of the label %s is the %s that counting by hand gives', async (label, metric, count) => {
    for (const [index, { column: name, worth }] of (await built(label)).entries()) {
      if (name === 'text') {
        expect(worth).toBeNull();
        continue;
      }
      expect(worth?.metric).toBe(metric);
      for (const [found, from] of [
        [worth!.point_in_time, name],
        [worth!.naive, `__naive_${index}`],
      ] as const) {
        const expected = count(await pairsOf(from, label));
        // A feature of one value ranks nothing: the pairs alone would say 0.5.
        if (expected === null || ['same', 'empty'].includes(name))
          expect([name, found]).toEqual([name, null]);
        else expect(found, `${from} against ${label}`).toBeCloseTo(expected, 12);
      }
    }
  });

  it('of a long set is that of evenly spread rows, and says so', async () => {
    const set = aSet('SELECT * FROM spine_rows', [view], { label: 'binary' });
    const { table, plan, columns } = await buildTrainingSet(
      db,
      catalogOf({ views: [view], sets: [set] }),
      set,
      {
        sample: null,
      },
    );
    const every = await queryRows(
      db,
      'SELECT score AS x, __naive_0 AS naive, "binary"::DOUBLE AS y FROM _plumb.training_train ORDER BY __row',
    );
    expect(every.length).toBe(160);
    const rows = every.filter(
      (_, at) => at === 0 || Math.floor((at * 30) / 160) > Math.floor(((at - 1) * 30) / 160),
    );
    expect(rows.length).toBe(30);
    const pairs = (name: 'x' | 'naive'): Pair[] =>
      rows.flatMap((row) => (row[name] === null || row['y'] === null ? [] : [[row[name], row['y']] as Pair]));
    const [worth] = await worthOf(db, table, plan, columns, [0], { rankedRows: 30 });
    expect(worth).toEqual({
      metric: 'auc',
      naive: expect.closeTo(shareOfPairs(pairs('naive'))!, 12) as number,
      point_in_time: expect.closeTo(shareOfPairs(pairs('x'))!, 12) as number,
      sample: 30,
    });
    expect((await worthOf(db, table, plan, columns, [0], { rankedRows: 160 }))[0]).not.toHaveProperty(
      'sample',
    );
  });

  it('is absent without a label, with a text and with a single value', async () => {
    for (const label of [null, 'word'])
      expect((await built(label)).map(({ worth }) => worth)).toEqual(view.features.map(() => null));
    for (const { worth } of (await built('constant')).slice(0, 5))
      expect(worth).toEqual({ metric: 'auc', naive: null, point_in_time: null });
  });
});
