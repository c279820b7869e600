import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { literal, timestampLiteral, type SqlValue } from './literal';
import { quote } from './quote';

const SEED = 7;
const PIECES = ["'", '"', ';', '--', '/*', '*/', '\\', '\n', '$$', ')', ' DROP TABLE x', 'ä', '😀', '{', '%'];
const hostile = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
);

describe('literals and names', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db.close());

  const readBack = async (values: readonly SqlValue[]): Promise<unknown[]> => {
    const list = values.map((value, index) => `${literal(value)} AS v${index}`);
    const [row] = await queryRows(db, `SELECT ${list.join(', ')}`);
    return Object.values(row ?? {});
  };

  it('come back as they went in', async () => {
    const many = fc.array(fc.oneof(hostile, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(many, async (texts) => {
        expect(await readBack(texts)).toEqual(texts);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('keep every bit of a number', async () => {
    const doubles = [0.1, -0, 5e-324, 1.7976931348623157e308, 1e21 + 0.5, NaN, Infinity, -Infinity, 2 ** 60];
    const found = await readBack(doubles);
    expect(found).toEqual(doubles);
    expect(Object.is(found[1], -0)).toBe(true);
    const bigints = [2n ** 63n - 1n, -(2n ** 63n), -1n, 2n ** 53n + 1n];
    expect((await readBack(bigints)).map(String)).toEqual(bigints.map(String));
  });

  it('print bytes, lists, booleans and instants', async () => {
    const bytes = new Uint8Array([0, 39, 92, 255]);
    expect(await readBack([bytes, [1n, null], true, null])).toEqual([bytes, [1, null], true, null]);
    const [row] = await queryRows(db, `SELECT ${timestampLiteral(-1n)} AS t`);
    expect(row).toEqual({ t: -1n });
  });

  it('refuse what SQL text cannot hold', () => {
    expect(() => quote('a\0b')).toThrow(expect.objectContaining({ code: 'sql.forbidden' }));
    expect(() => literal('\ud800')).toThrow(expect.objectContaining({ code: 'sql.forbidden' }));
  });

  it('quote names so that nothing breaks out', async () => {
    const name = hostile.filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const [row] = await queryRows(db, `SELECT 1 AS ${quote(text)}`);
        expect(Object.keys(row ?? {})).toEqual([text]);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
