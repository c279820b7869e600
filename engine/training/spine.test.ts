import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JoinKey, TrainingSet } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import { compileTrainingSet } from './training-plan';
import { buildTrainingSet } from './training-set';
import { halfOpen } from '../catalog/window';

const HOUR = 3_600_000_000n;
const count = aFeature('n', 'int64', {
  kind: 'aggregation',
  window: halfOpen(24n * HOUR),
  aggregation: { fn: 'count', of: '*', where: null },
});
const tier = aFeature('tier', 'string', { kind: 'column', column: 'tier' });
const views = [aView('act', 'aggregate', 'ev', [count]), aView('prof', 'table', 'ev', [tier])];

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query(`CREATE TABLE _plumb.source_ev AS SELECT * FROM (VALUES
    (7, TIMESTAMP '2025-01-01 00:00:00', 'a', 0), (7, TIMESTAMP '2025-01-01 12:00:00.000001', 'b', 1),
    (8, TIMESTAMP '2025-01-01 12:00:00', 'c', 2)) e(user_id, ts, tier, __order)`);
});
afterAll(() => db.close());

async function valuesOf(set: TrainingSet, keys?: JoinKey[]): Promise<unknown[][]> {
  const catalog = catalogOf({ views, sets: [set], ...(keys ? { joinKeys: keys } : {}) });
  await buildTrainingSet(db, catalog, set, { sample: null });
  return (await queryRows(db, 'SELECT n, tier FROM main.train')).map((row) => Object.values(row));
}
const spineOf = (rows: string): string => `SELECT * FROM (VALUES ${rows}) s(user_id, ts)`;

describe('a sample of the spine', () => {
  it.each([
    [10, 1],
    [10, 3],
    [10, 9],
    [10, 10],
    [10, 1000],
    [1, 1],
    [1, 5],
    [0, 4],
    [9973, 100],
    [9973, 9972],
    [200_000, 777],
  ])('of %i rows takes %i, evenly spread, in order, the same each time', async (n, k) => {
    const set = aSet(
      `SELECT 7 AS user_id, TIMESTAMP '2025-01-02' AS ts, i FROM range(${n}) r(i) ORDER BY (i * 7919) % 9973, i`,
      views,
    );
    const catalog = catalogOf({ views, sets: [set] });
    const taken = async (): Promise<Record<string, unknown>[]> => {
      const built = await buildTrainingSet(db, catalog, set, { sample: k });
      expect([built.rows, built.spineRows, built.sample]).toEqual([Math.min(k, n), n, k]);
      return queryRows(db, 'SELECT __row, __spine_row, i FROM _plumb.training_train ORDER BY __row');
    };
    const rows = await taken();
    const all = await queryRows(db, `SELECT i FROM (${set.spineSql})`);
    const places = rows.map((row) => Number(row['__spine_row']));
    expect(rows.map((row) => Number(row['__row']))).toEqual(rows.map((_, index) => index));
    expect(rows.map((row) => row['i'])).toEqual(places.map((place) => all[place]!['i']));
    const gaps = places.map((place, index) => (places[index + 1] ?? n) - place);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(Math.max(1, Math.floor(n / k)));
      expect(gap).toBeLessThanOrEqual(Math.max(1, Math.ceil(n / k)));
    }
    expect(await taken()).toEqual(rows);
  });
});

describe('the spine’s time', () => {
  it.each([
    ['TIMESTAMP', "TIMESTAMP '2025-01-01 12:00:00.000001'", [1n, 'b']],
    ['TIMESTAMP one microsecond later', "TIMESTAMP '2025-01-01 12:00:00.000002'", [2n, 'b']],
    ['TIMESTAMPTZ', "TIMESTAMPTZ '2025-01-01 14:00:00.000001+02'", [1n, 'b']],
    ['TIMESTAMP_NS', "TIMESTAMP_NS '2025-01-01 12:00:00.000001999'", [1n, 'b']],
    ['TIMESTAMP_MS', "TIMESTAMP_MS '2025-01-01 12:00:00'", [1n, 'a']],
    ['TIMESTAMP_S', "TIMESTAMP_S '2025-01-01 12:00:01'", [2n, 'b']],
    ['DATE', "DATE '2025-01-02'", [2n, 'b']],
  ])('may be %s', async (_, time, expected) => {
    expect(await valuesOf(aSet(spineOf(`(7, ${time})`), views))).toEqual([expected]);
  });
  it('is named without regard to case', async () => {
    const set = aSet(`SELECT 7 AS User_ID, TIMESTAMP '2025-01-02' AS TS`, views);
    expect(await valuesOf(set)).toEqual([[2n, 'b']]);
  });
  it('of a zone is shown in UTC', async () => {
    await valuesOf(aSet(spineOf("(7, TIMESTAMPTZ '2025-01-01 14:00:00+02')"), views));
    expect(await queryRows(db, 'SELECT ts::VARCHAR AS ts FROM main.train')).toEqual([
      { ts: '2025-01-01 12:00:00' },
    ]);
  });
});

describe('windows around 1970', () => {
  it('count every event once', async () => {
    const minutes = Array.from({ length: 61 }, (_, index) => (index - 30) * 10);
    const instants = (where: string): string =>
      `SELECT 7 AS user_id, make_timestamp(m * 60000000) AS ts, m::INTEGER AS m, row_number() OVER () - 1 AS __order
       FROM range(-300, 301, 10) r(m) WHERE ${where}`;
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_old AS ${instants('m % 30 <> 0')}`);
    const lengths = [10, 60, 70, 300];
    const old = aView(
      'old',
      'aggregate',
      'old',
      lengths.map((length) =>
        aFeature(`n${length}`, 'int64', {
          kind: 'aggregation',
          window: halfOpen((HOUR / 60n) * BigInt(length)),
          aggregation: { fn: 'count', of: '*', where: null },
        }),
      ),
    );
    const set = aSet(`SELECT user_id, ts, m FROM (${instants('true')}) ORDER BY m`, [old]);
    await buildTrainingSet(db, catalogOf({ views: [old], sets: [set] }), set, { sample: null });
    const events = minutes.filter((minute) => minute % 30 !== 0);
    const within = (t: number, length: number): bigint =>
      BigInt(events.filter((at) => at >= t - length && at < t).length);
    expect(await queryRows(db, 'SELECT m, n10, n60, n70, n300 FROM main.train')).toEqual(
      minutes.map((m) => ({
        m,
        n10: within(m, 10),
        n60: within(m, 60),
        n70: within(m, 70),
        n300: within(m, 300),
      })),
    );
  });
});

describe('join keys', () => {
  const key = (type: JoinKey['type'], name = 'user_id'): JoinKey => ({ name, type });
  const at = "TIMESTAMP '2025-01-01 13:00:00'";
  it.each<[string, JoinKey['type']]>([
    ['7::TINYINT', 'int64'],
    ['7::UBIGINT', 'int64'],
    ['7::HUGEINT', 'int32'],
    ["'7'", 'string'],
    ["'7'::ENUM('7', '8')", 'string'],
    ['7', 'string'],
  ])('%s meets 7 where the entity says %s', async (value, type) => {
    const set = aSet(spineOf(`(${value}, ${at})`), views);
    expect(await valuesOf(set, [key(type)])).toEqual([[2n, 'b']]);
  });
  it('beyond the other side’s width matches nothing, and fails nothing', async () => {
    const set = aSet(spineOf(`(18446744073709551615::UBIGINT, ${at}), (7::UBIGINT, ${at})`), views);
    expect(await valuesOf(set)).toEqual([
      [0n, null],
      [2n, 'b'],
    ]);
  });
  it('of several columns match column by column, in widths that differ', async () => {
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_pair AS SELECT * FROM (VALUES
      (1::INTEGER, 'x', ${at}, 0), (1, 'y', ${at}, 1), (2, 'x', ${at}, 2), (NULL, 'x', ${at}, 3), (1, NULL, ${at}, 4)
      ) e(a, b, ts, __order)`);
    const pair = [aView('pair', 'aggregate', 'pair', [count])];
    const set = aSet(
      `SELECT * FROM (VALUES (1::BIGINT, 'x'), (1, 'z'), (2, 'y'), (NULL, 'x'), (1, NULL)) s(a, b),
        (SELECT ${at} + INTERVAL 1 HOUR AS ts)`,
      pair,
    );
    const joinKeys = [key('int64', 'a'), key('string', 'b')];
    await buildTrainingSet(db, catalogOf({ views: pair, sets: [set], joinKeys }), set, { sample: null });
    expect(
      await queryRows(db, 'SELECT a, b, n, __status_0 AS s FROM _plumb.training_train ORDER BY __row'),
    ).toEqual([
      { a: 1n, b: 'x', n: 1n, s: 'present' },
      { a: 1n, b: 'z', n: 0n, s: 'missing' },
      { a: 2n, b: 'y', n: 0n, s: 'missing' },
      { a: null, b: 'x', n: 0n, s: 'missing' },
      { a: 1n, b: null, n: 0n, s: 'missing' },
    ]);
  });
});

describe('what a training set refuses', () => {
  const at = "TIMESTAMP '2025-01-02'";
  const sound = `SELECT 7 AS user_id, ${at} AS ts, 1 AS label`;
  it.each<[string, string, Partial<TrainingSet>, string, RegExp]>([
    [
      'a spine without the time',
      `SELECT 7 AS user_id`,
      {},
      'catalog.unknown_column',
      /no column ts in the spine/,
    ],
    [
      'a spine without the key',
      `SELECT 7 AS user, ${at} AS ts`,
      {},
      'catalog.unknown_column',
      /no column user_id/,
    ],
    ['a spine without the label', sound, { label: 'lable' }, 'catalog.unknown_column', /no column lable/],
    [
      'a time that is text',
      `SELECT 7 AS user_id, '2025-01-02' AS ts`,
      {},
      'catalog.type_mismatch',
      /ts .* is VARCHAR/,
    ],
    [
      'a key of another kind',
      `SELECT '7' AS user_id, ${at} AS ts`,
      {},
      'catalog.type_mismatch',
      /VARCHAR in the spine/,
    ],
    [
      'a key that is a fraction',
      `SELECT 7.5::DOUBLE AS user_id, ${at} AS ts`,
      {},
      'catalog.type_mismatch',
      /DOUBLE/,
    ],
    ['two columns of one name', `${sound}, 2 AS LABEL`, {}, 'catalog.name_collision', /two columns LABEL/],
    [
      'a column with a name of our own',
      `${sound}, 2 AS __row`,
      {},
      'catalog.name_collision',
      /__row begins with __/,
    ],
    [
      'a feature whose second name is taken as well',
      `${sound}, 1 AS n, 2 AS act__n`,
      {},
      'catalog.name_collision',
      /two columns of train would be called act__n/,
    ],
    ['a spine that does not bind', 'SELECT nothing FROM nowhere', {}, 'sql.bind', /nowhere/],
    ['a spine that does not parse', 'SELECT SELECT', {}, 'sql.syntax', /./],
    ['a spine of two statements', `${sound}; ${sound}`, {}, 'sql.forbidden', /;/],
    ['a spine that changes something', 'DROP TABLE x', {}, 'sql.forbidden', /DROP/],
  ])('%s', async (_, spine, more, code, message) => {
    const set = aSet(spine, views, more);
    const building = buildTrainingSet(db, catalogOf({ views, sets: [set] }), set, { sample: null });
    await expect(building).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/),
    });
  });
  it('a source whose key is of another kind, or that lacks a column', async () => {
    await db.query(`CREATE OR REPLACE TABLE _plumb.source_odd AS
      SELECT 'x' AS user_id, ${at} AS at, 0 AS __order`);
    const view = (timestamp: string) => aView('odd', 'aggregate', 'odd', [count], { timestamp });
    const build = (timestamp: string, keys: JoinKey[]) => {
      const set = aSet(`SELECT 7 AS user_id, 7 AS other, 'x' AS name, ${at} AS ts`, [view(timestamp)]);
      const catalog = catalogOf({ views: [view(timestamp)], sets: [set], joinKeys: keys });
      return buildTrainingSet(db, catalog, set, { sample: null });
    };
    await expect(build('at', [{ name: 'user_id', type: 'int64' }])).rejects.toMatchObject({
      code: 'catalog.type_mismatch',
      message: expect.stringContaining('VARCHAR in odd'),
    });
    await expect(build('at', [{ name: 'other', type: 'int64' }])).rejects.toMatchObject({
      code: 'catalog.unknown_column',
      message: 'no column other in odd',
    });
    await expect(build('ts', [{ name: 'user_id', type: 'string' }])).rejects.toMatchObject({
      code: 'catalog.unknown_column',
      message: 'no column ts in odd',
    });
  });
  it('gives a feature whose name the spine has the name view__feature', async () => {
    const set = aSet(`${sound}, 5 AS N`, views);
    const built = await buildTrainingSet(db, catalogOf({ views, sets: [set] }), set, { sample: null });
    expect(built.columns.map((column) => column.name)).toEqual([
      'user_id',
      'ts',
      'label',
      'N',
      'act__n',
      'tier',
    ]);
    expect(built.features.map((feature) => feature.column)).toEqual(['act__n', 'tier']);
  });
});

describe('compileTrainingSet', () => {
  it('gives statements that, run one after another, make the table that a build makes', async () => {
    const set = aSet(`SELECT 7 AS user_id, TIMESTAMP '2025-01-02' AS ts`, views);
    const catalog = catalogOf({ views, sets: [set] });
    const statements = await compileTrainingSet(db, catalog, set);
    expect(statements.map(({ name }) => name)).toEqual([
      'spine',
      'rows',
      'act',
      'act naive',
      'prof',
      'prof naive',
      'result',
    ]);
    for (const { sql } of statements) await db.query(sql);
    // An ENUM cannot leave the engine.
    const made = await queryRows(
      db,
      `SELECT * REPLACE (__status_0::VARCHAR AS __status_0, __status_1::VARCHAR AS __status_1) FROM _plumb.next_train`,
    );
    const built = await buildTrainingSet(db, catalog, set, { sample: null });
    expect(await queryRows(db, 'SELECT * FROM _plumb.training_train')).toEqual(made);
    expect(built.sqlTexts).toEqual(statements);
  });
});

describe('a build that does not finish', () => {
  const good = aSet(`SELECT 7 AS user_id, TIMESTAMP '2025-01-02' AS ts, 'former' AS note`, views);
  const former = [{ user_id: 7, note: 'former', n: 2n, tier: 'b' }];
  const shown = () => queryRows(db, 'SELECT user_id, note, n, tier FROM main.train');
  const stages = () =>
    queryRows(
      db,
      "SELECT table_name FROM duckdb_tables() WHERE regexp_matches(table_name, '^(spine|next|part|naive)_')",
    );
  const build = (
    set: TrainingSet,
    more: { signal?: AbortSignal; onProgress?: () => void } = {},
    over = views,
  ) => buildTrainingSet(db, catalogOf({ views: over, sets: [set] }), set, { sample: null, ...more });

  it('for a failure leaves the former result and nothing else', async () => {
    await build(good);
    const overflowing = [
      aView('act', 'aggregate', 'ev', [
        aFeature('n', 'int32', {
          kind: 'aggregation',
          window: halfOpen(HOUR * 24n),
          aggregation: { fn: 'sum', of: 'user_id * 1000000000000', where: null },
        }),
      ]),
    ];
    const failing = aSet(good.spineSql, overflowing);
    await expect(build(failing, {}, overflowing)).rejects.toMatchObject({ code: 'sql.failed' });
    expect(await shown()).toEqual(former);
    expect(await stages()).toEqual([]);
  });

  it('for a cancel, at each phase, leaves the former result and nothing else', async () => {
    const phases: number[] = [];
    await build(good, { onProgress: () => phases.push(phases.length) });
    const other = aSet(`SELECT 8 AS user_id, TIMESTAMP '2025-01-03' AS ts, 'other' AS note`, views);
    for (const phase of phases) {
      const cancel = new AbortController();
      let passed = 0;
      const onProgress = (): void => {
        if (passed++ === phase) cancel.abort();
      };
      await expect(build(other, { signal: cancel.signal, onProgress })).rejects.toMatchObject({
        code: 'engine.cancelled',
      });
      expect(await shown()).toEqual(former);
      expect(await stages()).toEqual([]);
    }
    await build(other);
    expect(await shown()).toEqual([{ user_id: 8, note: 'other', n: 0n, tier: 'c' }]);
  });
});
