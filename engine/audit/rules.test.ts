import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, halfOpen, HOUR, type TimeWindow } from '../catalog/window';
import type { AuditCheck, Catalog, FeatureView } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { anAudit, theirFile } from '../testing/audit-case';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { openTestDatabase } from '../testing/test-database';
import { aSet } from '../testing/training-set-fixture';
import type { AuditFeature } from '../results';
import { auditFile, type BuiltAudit } from './audit';
import { planAudit } from './audit-plan';
import { EXAMINED_ROWS } from './differing-rows';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.query('CREATE SCHEMA IF NOT EXISTS _plumb');
});
afterAll(() => db.close());

async function source(name: string, columns: string, rows: string): Promise<void> {
  await db.query(
    `CREATE OR REPLACE TABLE _plumb.source_${name} AS
     SELECT *, row_number() OVER () - 1 AS __order FROM (VALUES ${rows}) v(${columns})`,
  );
}

async function audit(
  catalog: Catalog,
  select: string,
  more: Partial<AuditCheck> = {},
  signal?: AbortSignal,
): Promise<BuiltAudit> {
  const { plan, problems } = planAudit(catalog, anAudit(more), await db.describe(select));
  expect(problems).toEqual([]);
  return auditFile(theirFile(db, select), catalog, plan!, signal ? { signal } : {});
}

const sumOver = (window: TimeWindow) =>
  aFeature('total', 'int64', {
    kind: 'aggregation',
    window,
    aggregation: { fn: 'sum', of: 'x', where: null },
  });
const aggregate = (window: TimeWindow) => aView('sums', 'aggregate', 'ev', [sumOver(window)]);
function catalogFor(views: FeatureView[], more: Partial<Catalog> = {}): Catalog {
  const sources = [...new Set(views.map((view) => view.source))];
  return { ...catalogOf({ views, sources, sets: [aSet('SELECT 1', views)] }), ...more };
}
const only = (built: BuiltAudit): AuditFeature => built.result.features[0]!;

describe('where the source says when a row could be known', () => {
  const late = (catalog: Catalog): Catalog => ({
    ...catalog,
    sources: new Map([...catalog.sources].map(([name, one]) => [name, { ...one, availableAt: 'known' }])),
  });
  beforeAll(() =>
    source(
      'ev',
      'user_id, ts, known, x',
      `(1, TIMESTAMP '2025-01-01 10:00:00', TIMESTAMP '2025-01-01 10:00:00', 100),
       (1, TIMESTAMP '2025-01-02 10:00:00', TIMESTAMP '2025-01-04 16:00:00', 7)`,
    ),
  );
  const file = `SELECT 1 AS user_id, TIMESTAMP '2025-01-03 10:00:00' AS ts, 107::BIGINT AS total, 7::BIGINT AS last`;

  it('rows that had not arrived are of the future, by the time until they did', async () => {
    const built = await audit(late(catalogFor([aggregate(halfOpen(5n * DAY))])), file);
    const ahead = 30 * 3_600_000_000;
    expect(only(built)).toMatchObject({ future: 1, ahead: { median_us: ahead, max_us: ahead } });
    expect(only(built).reasons).toEqual([{ reason: 'late_rows', rows: 1 }]);
  });

  it('the same of a feature table', async () => {
    const table = aView('rows', 'table', 'ev', [aFeature('last', 'int64', { kind: 'column', column: 'x' })]);
    const built = await audit(late(catalogFor([table])), file);
    const ahead = 30 * 3_600_000_000;
    expect(only(built)).toMatchObject({ future: 1, ahead: { median_us: ahead, max_us: ahead } });
    expect(only(built).reasons).toEqual([{ reason: 'late_rows', rows: 1 }]);
  });
});

describe('the boundaries of windows', () => {
  const at = (text: string): string => `TIMESTAMP '2025-01-0${text}'`;
  beforeAll(() =>
    source(
      'ev',
      'user_id, ts, x',
      `(1, ${at('1 10:00:00')}, 1), (1, ${at('3 12:00:00')}, 10), (1, ${at('5 20:00:00')}, 100)`,
    ),
  );
  /** A day's window that an event at noon of the third enters and leaves; the file holds its value of another time. */
  it.each([
    ['half-open', 0n, '3 11:00:00', 10, 'future', HOUR + 1n],
    ['closed', 0n, '3 11:00:00', 10, 'future', HOUR],
    ['open-closed', 0n, '3 11:00:00', 10, 'future', HOUR],
    ['sawtooth', 0n, '3 11:00:00', 10, 'future', HOUR + 1n],
    ['calendar-day', 0n, '3 23:00:00', 10, 'future', HOUR],
    ['half-open', 6n * HOUR, '3 17:00:00', 10, 'future', HOUR + 1n],
    ['half-open', 0n, '4 14:00:00', 10, 'stale', 2n * HOUR],
    ['closed', 0n, '4 14:00:00', 10, 'stale', 2n * HOUR],
    ['open-closed', 0n, '4 14:00:00', 10, 'stale', 2n * HOUR + 1n],
    ['calendar-day', 0n, '5 02:00:00', 10, 'stale', 2n * HOUR + 1n],
  ] as const)('%s with offset %i at %s', async (boundary, offset, time, value, verdict, distance) => {
    const catalog = catalogFor([aggregate({ length: DAY, offset, boundary })]);
    const built = await audit(catalog, `SELECT 1 AS user_id, ${at(time)} AS ts, ${value}::BIGINT AS total`);
    const feature = only(built);
    expect(feature[verdict]).toBe(1);
    expect((verdict === 'future' ? feature.ahead : feature.age)?.max_us).toBe(Number(distance));
  });
});

describe('what cannot be decided', () => {
  const catalog = catalogFor([aggregate(halfOpen(3n * HOUR))]);
  const hours = (from: number, to: number): string =>
    Array.from(
      { length: to - from },
      (_, i) => `(1, TIMESTAMP '2025-01-01' + INTERVAL ${i + from} HOUR, ${i * i + 1})`,
    ).join();

  it('a row without entity or time, when it differs', async () => {
    await source('ev', 'user_id, ts, x', hours(0, 5));
    const file = `SELECT * FROM (VALUES (NULL::BIGINT, TIMESTAMP '2025-01-02', 5::BIGINT), (1, NULL, 5),
      (NULL, NULL, NULL), (1, TIMESTAMP '2025-01-01 02:30:00', 8)) f(user_id, ts, total)`;
    expect(only(await audit(catalog, file))).toMatchObject({
      right: 2,
      not_decidable: 2,
      reasons: [
        { reason: 'no_key', rows: 1 },
        { reason: 'no_time', rows: 1 },
      ],
    });
  });

  it('what lies beyond the rows that are tried, and the warning says so', async () => {
    await source('ev', 'user_id, ts, x', hours(0, 5));
    const rows = EXAMINED_ROWS + 500;
    const file = `SELECT 1 AS user_id, TIMESTAMP '2025-01-01 02:30:00' AS ts, -5::BIGINT AS total FROM range(${rows})`;
    const built = await audit(catalog, file);
    expect(only(built)).toMatchObject({ wrong: EXAMINED_ROWS, not_decidable: 500, examined: EXAMINED_ROWS });
    expect(built.result.warnings.join()).toContain('at most 2,000 rows');
  });

  it('a value that nothing explained while changes were left untried', async () => {
    await source('ev', 'user_id, ts, x', hours(0, 400));
    const file = `SELECT 1 AS user_id, TIMESTAMP '2025-01-09 02:30:00' AS ts, -5::BIGINT AS total FROM range(2000)`;
    expect(only(await audit(catalog, file))).toMatchObject({
      not_decidable: 2_000,
      reasons: [{ reason: 'cut' }],
    });
    expect(only(await audit(catalog, file.replace('range(2000)', 'range(10)')))).toMatchObject({ wrong: 10 });
  });
});

describe('the columns of the file', () => {
  const catalog = catalogFor([aggregate(halfOpen(DAY))]);
  const ts = `TIMESTAMP '2025-01-01 02:30:00'`;
  beforeAll(() => source('ev', 'user_id, ts, x', `(1, TIMESTAMP '2025-01-01 01:00:00', 3)`));

  it.each([
    [
      'other names for everything',
      `SELECT 1 AS uid, ${ts} AS at, 3 AS t`,
      {
        timestamp: 'at',
        keys: { user_id: 'uid' },
        columns: [{ column: 't', view: 'sums', feature: 'total' }],
      },
    ],
    ['view__feature', `SELECT 1 AS user_id, ${ts} AS ts, 3 AS sums__total`, {}],
    ['letters of another case', `SELECT 1 AS USER_ID, ${ts} AS TS, 3 AS Total`, {}],
    ['whole numbers as DOUBLE', `SELECT 1 AS user_id, ${ts} AS ts, 3.0::DOUBLE AS total`, {}],
    ['text as the event time', `SELECT 1 AS user_id, '2025-01-01 03:30:00+01:00' AS ts, 3 AS total`, {}],
    ['a date as the event time', `SELECT 1 AS user_id, DATE '2025-01-02' AS ts, 3 AS total`, {}],
  ])('%s', async (_, select, more: Partial<AuditCheck>) => {
    expect((await audit(catalog, select, more)).result).toMatchObject({ rows: 1, rows_not_right: 0 });
  });

  it('takes NaN for NULL where the feature is of whole numbers', async () => {
    const select = `SELECT 2 AS user_id, ${ts} AS ts, 'NaN'::DOUBLE AS total`;
    expect((await audit(catalog, select)).result.rows_not_right).toBe(0);
  });

  it.each([
    [`SELECT 1 AS user_id, ${ts} AS ts, 3 AS tota`, {}, ['file'], 'no column named as a feature'],
    [`SELECT 1 AS uid, ${ts} AS ts, 3 AS total`, {}, ['file'], 'no column user_id'],
    [`SELECT 1 AS user_id, 3 AS total`, {}, ['file'], 'no column ts'],
    [`SELECT 1.5::DOUBLE AS user_id, ${ts} AS ts, 3 AS total`, {}, ['file'], 'user_id is DOUBLE'],
    [`SELECT 1 AS user_id, ${ts} AS ts, 'a' AS total`, {}, ['file'], 'total is VARCHAR'],
    [`SELECT 1 AS user_id, ${ts} AS ts, 3 AS total`, { timestamp: 'at' }, ['timestamp'], 'no column at'],
    [
      `SELECT 1 AS user_id, ${ts} AS ts, 3 AS total`,
      { keys: { user_id: 'u' } },
      ['keys', 'user_id'],
      'no column u',
    ],
    [
      `SELECT 1 AS user_id, ${ts} AS ts, 3 AS total`,
      { columns: [{ column: 't', view: 'sums', feature: 'total' }] },
      ['columns', 't'],
      'no column t',
    ],
  ])('refuses %s', async (select, more: Partial<AuditCheck>, path, message) => {
    const { plan, problems } = planAudit(catalog, anAudit(more), await db.describe(select));
    expect(plan).toBeNull();
    expect(problems[0]?.path).toEqual(path);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.hint).not.toBe('');
  });

  it('says which columns it did not use, and that a file is empty', async () => {
    const views = [
      aggregate(halfOpen(DAY)),
      aView('other', 'table', 'ev', [aFeature('x', 'int64', { kind: 'column', column: 'x' })]),
    ];
    const select = `SELECT 1 AS user_id, ${ts} AS ts, 3 AS total, 4 AS extra LIMIT 0`;
    const { result } = await audit(catalogFor(views), select);
    expect(result.warnings).toEqual([
      'theirs.parquet has no rows.',
      'Not audited, because theirs.parquet has no column for it: other:x.',
      'Columns of theirs.parquet that are no feature of train: extra.',
    ]);
  });
});

describe('views of other kinds', () => {
  it('a dimension is tried at the times at which its rows begin', async () => {
    await source(
      'ev',
      'user_id, ts, until, plan',
      `(1, TIMESTAMP '2025-01-01', TIMESTAMP '2025-01-03', 'a'),
       (1, TIMESTAMP '2025-01-03', TIMESTAMP '2025-01-04', 'b'),
       (1, TIMESTAMP '2025-01-05', NULL, 'c')`,
    );
    const plan = aFeature('plan', 'string', { kind: 'column', column: 'plan' });
    const dimension = aView('plans', 'dimension', 'ev', [plan], { validity: { from: 'ts', to: 'until' } });
    const at = (day: string, value: string): string => `(1, TIMESTAMP '2025-01-0${day}', '${value}')`;
    const file = `SELECT * FROM (VALUES ${[at('2', 'a'), at('2', 'b'), at('3 12:00:00', 'a'), at('4 12:00:00', 'b'), at('2', 'x')].join()}) f(user_id, ts, plan)`;
    const day = Number(DAY);
    expect(only(await audit(catalogFor([dimension]), file))).toMatchObject({
      right: 1,
      future: 1,
      stale: 2,
      wrong: 1,
      ahead: { median_us: day, max_us: day },
      age: { max_us: 2.5 * day },
    });
  });

  it('an on-demand feature has a truth, by parameters of the file, and nothing to try', async () => {
    await source('ev', 'user_id, ts, x', `(1, TIMESTAMP '2025-01-01 01:00:00', 3)`);
    const views = [aggregate(halfOpen(DAY))];
    const scaled = {
      name: 'scaled',
      type: 'int64' as const,
      expression: 'total * factor',
      inputs: [{ name: 'total', view: 'sums', feature: 'total' }],
      parameters: ['factor'],
      default: { kind: 'none' as const },
      missingIndicator: false,
      description: '',
    };
    const onDemand = [{ name: 'computed', features: [scaled], description: '', tags: {} }];
    const features = [{ view: 'computed', feature: 'scaled', column: 'scaled' }];
    const sets = [aSet('SELECT 1', [], { features })];
    const catalog = catalogOf({ views, onDemand, sources: ['ev'], sets });
    const file = `SELECT 1 AS user_id, TIMESTAMP '2025-01-01 02:00:00' AS ts, f AS factor, s AS scaled
      FROM (VALUES (2, 6), (10, 30), (10, 31)) v(f, s)`;
    expect(only(await audit(catalog, file))).toMatchObject({
      ref: 'computed:scaled',
      right: 2,
      not_decidable: 1,
      reasons: [{ reason: 'no_rule', rows: 1 }],
    });
    const { problems } = planAudit(
      catalog,
      anAudit(),
      await db.describe(`SELECT * EXCLUDE (factor) FROM (${file})`),
    );
    expect(problems[0]?.message).toBe('theirs.parquet has no column factor, which computed:scaled names.');
  });
});

it('compares a column of FLOAT with the truth as FLOAT, and numbers within the tolerance', async () => {
  const third = aView('t', 'table', 'ev', [
    aFeature('third', 'float64', { kind: 'column', column: 'third' }),
  ]);
  await source('ev', 'user_id, ts, third', `(1, TIMESTAMP '2025-01-01', 1::DOUBLE / 3)`);
  const file = (value: string): string =>
    `SELECT 1 AS user_id, TIMESTAMP '2025-01-02' AS ts, ${value} AS third`;
  const wrong = async (value: string, more: Partial<AuditCheck> = {}): Promise<number> =>
    (await audit(catalogFor([third]), file(value), more)).result.rows_not_right;
  expect(await wrong('(1::DOUBLE / 3)::FLOAT')).toBe(0);
  expect(await wrong('0.333::DOUBLE')).toBe(1);
  expect(await wrong('0.333::DOUBLE', { tolerance: { absolute: 0.001, relative: 0 } })).toBe(0);
});

it('leaves nothing but its findings behind, also when it is cancelled', async () => {
  await source('ev', 'user_id, ts, x', `(1, TIMESTAMP '2025-01-01 01:00:00', 3)`);
  const catalog = catalogFor([aggregate(halfOpen(DAY))]);
  const select = `SELECT 1 AS user_id, TIMESTAMP '2025-01-01 02:00:00' AS ts, 9::BIGINT AS total`;
  const tables = async (): Promise<unknown[]> =>
    (
      await queryRows(
        db,
        `SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%audit%' OR table_name LIKE '%truth%'`,
      )
    ).map((row) => row['table_name']);
  await audit(catalog, select);
  expect(await tables()).toEqual(['audit_values_check']);
  const stop = new AbortController();
  stop.abort();
  await expect(audit(catalog, select, {}, stop.signal)).rejects.toMatchObject({ code: 'engine.cancelled' });
  expect(await tables()).toEqual(['audit_values_check']);
});
