import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { compareCase, SKEW_CHECK, storeSkewCase, type SkewCase } from '../testing/skew-case';
import { openTestDatabase } from '../testing/test-database';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const X = { name: 'x', type: 'float64', left: 'DOUBLE', right: 'DOUBLE' } as const;
const one: SkewCase = {
  features: [X],
  left: [{ user_id: 1, ts: 1_000_000, x: 1 }],
  right: [{ user_id: 1, ts: 1_000_000, x: 2 }],
};

function withLog(catalog: Catalog, timestamp: string | null): Catalog {
  const log = { name: 'log', files: [], timestamp, availableAt: null, description: '' };
  return { ...catalog, sources: new Map([['log', log]]) };
}

describe('what compareSkew refuses', () => {
  it('a log without a time, without a key or without any feature', async () => {
    const catalog = await storeSkewCase(db, one);
    const unknown = { code: 'catalog.unknown_column' };
    await expect(compareCase(db, withLog(catalog, null), SKEW_CHECK)).rejects.toMatchObject(unknown);
    await expect(compareCase(db, withLog(catalog, 'no_such'), SKEW_CHECK)).rejects.toMatchObject(unknown);
    await db.query('ALTER TABLE _plumb.source_log RENAME x TO y');
    await expect(compareCase(db, catalog, SKEW_CHECK)).rejects.toMatchObject(unknown);
    await db.query('ALTER TABLE _plumb.source_log RENAME user_id TO uid');
    await expect(compareCase(db, catalog, SKEW_CHECK)).rejects.toMatchObject(unknown);
  });

  it('values of types that cannot be compared', async () => {
    const given: SkewCase = { ...one, features: [{ ...X, right: 'VARCHAR' }] };
    await expect(compareCase(db, await storeSkewCase(db, given), SKEW_CHECK)).rejects.toMatchObject({
      code: 'catalog.type_mismatch',
      message: 'The column x is DOUBLE in train and VARCHAR in log.',
    });
  });

  it('sides without a common row, and keeps the former result', async () => {
    const catalog = await storeSkewCase(db, one);
    await compareCase(db, catalog, SKEW_CHECK);
    await db.query('UPDATE _plumb.source_log SET ts = ts + INTERVAL 1 microsecond');
    const failure: unknown = await compareCase(db, catalog, SKEW_CHECK).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      code: 'skew.no_overlap',
      message: 'No row of train (1 row) has the keys and the time of a row of log (1 row).',
    });
    expect(String((failure as { hint: string }).hint)).toContain('1970-01-01 00:00:01.000001');
    expect(await queryRows(db, 'SELECT "left", "right" FROM "_plumb"."skew_check"')).toEqual([
      { left: '1.0', right: '2.0' },
    ]);
  });

  it('stops when it is cancelled', async () => {
    const catalog = await storeSkewCase(db, one);
    const signal = AbortSignal.abort();
    await expect(compareCase(db, catalog, SKEW_CHECK, { signal })).rejects.toMatchObject({
      code: 'engine.cancelled',
    });
  });
});

describe('what compareSkew says beside the numbers', () => {
  it('counts rows of one side, ambiguous keys and features that are not logged', async () => {
    const given: SkewCase = {
      features: [X, { name: 'z', type: 'float64', left: 'DOUBLE', right: null }],
      left: [
        { user_id: 1, ts: 0, x: 1, z: 1 },
        { user_id: 1, ts: 0, x: 2, z: 1 },
        { user_id: null, ts: 0, x: 3, z: 1 },
        { user_id: 5, ts: 0, x: 4, z: 1 },
      ],
      right: [
        { user_id: 1, ts: 0, x: 1 },
        { user_id: 1, ts: 0, x: 2 },
        { user_id: null, ts: 0, x: 3 },
        { user_id: 6, ts: 0, x: 4 },
        { user_id: 6, ts: 0, x: 4 },
      ],
    };
    const { result } = await compareCase(db, await storeSkewCase(db, given), SKEW_CHECK);
    expect(result.features[0]).toMatchObject({ compared: 3, only_left: 1, only_right: 2, mismatches: 0 });
    expect(result.features[1]).toMatchObject({
      compared: 0,
      only_left: 4,
      psi: null,
      null_rate: [null, null],
    });
    expect(result.warnings).toEqual([
      '1 row of train not in log.',
      '2 rows of log not in train.',
      'log has no column z: nothing to compare.',
      '1 key and time occurs in train more than once; such rows are paired in order.',
      '2 keys and times occur in log more than once; such rows are paired in order.',
    ]);
  });

  it('leaves out what only the log holds when the training set is a sample', async () => {
    const given: SkewCase = { ...one, right: [...one.right, { user_id: 7, ts: 0, x: 1 }] };
    const catalog = await storeSkewCase(db, given);
    const { result } = await compareCase(db, catalog, SKEW_CHECK, { sampled: true });
    expect(result.features[0]).toMatchObject({ compared: 1, only_right: 0 });
    expect(result.warnings).toEqual(['train is a sample; what only log holds is not counted.']);
  });

  it('aligns without a key that the log does not have, and says so', async () => {
    const catalog = await storeSkewCase(db, one);
    await db.query(`ALTER TABLE _plumb.training_train ADD COLUMN device VARCHAR DEFAULT 'tv'`);
    const user = catalog.entities.get('user');
    const joinKeys = [...(user?.joinKeys ?? []), { name: 'device', type: 'string' } as const];
    const entities = new Map([['user', { name: 'user', joinKeys, description: '' }]]);
    const { result } = await compareCase(db, { ...catalog, entities }, SKEW_CHECK);
    expect(result.features[0]).toMatchObject({ compared: 1, mismatches: 1 });
    expect(result.warnings).toEqual(['log has no column device: rows are aligned without it.']);
  });

  it('compares lists and instants by equality, and booleans as categories', async () => {
    const given: SkewCase = {
      features: [
        { name: 'tags', type: 'string[]', left: 'VARCHAR[]', right: 'VARCHAR[]' },
        { name: 'flag', type: 'bool', left: 'BOOLEAN', right: 'BOOLEAN' },
      ],
      left: [
        { user_id: 1, ts: 0, tags: ['a'], flag: true },
        { user_id: 2, ts: 0, tags: ['a', null], flag: false },
      ],
      right: [
        { user_id: 1, ts: 0, tags: ['b'], flag: true },
        { user_id: 2, ts: 0, tags: ['a', null], flag: null },
      ],
    };
    const { result } = await compareCase(db, await storeSkewCase(db, given), SKEW_CHECK);
    expect(result.features[0]).toMatchObject({ mismatches: 1, psi: null, ks: null });
    expect(result.features[1]).toMatchObject({ mismatches: 1, ks: null, null_rate: [0, 0.5] });
    expect(result.features[1]?.js).toBeGreaterThan(0);
  });
});
