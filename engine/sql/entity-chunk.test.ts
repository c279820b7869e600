import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ScalarType } from '../catalog/model';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { halves, inChunk } from './entity-chunk';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const chunkOf = (type: ScalarType, value: string): string => {
  const cases = Array.from({ length: 7 }, (_, index) => {
    const test = inChunk([{ name: 'k', type }], { of: 7, index }, () => value);
    return `WHEN ${test} THEN ${index}`;
  });
  return `CASE ${cases.join(' ')} END`;
};

it.each<[ScalarType, string, string]>([
  ['int64', '-1::TINYINT', '-1::BIGINT'],
  ['int64', '7::UINTEGER', '7::DECIMAL(12,0)'],
  ['int64', '18446744073709551615::UBIGINT', '18446744073709551615::HUGEINT'],
  ['float64', '0.1::FLOAT', '0.1::FLOAT::DOUBLE'],
  ['float64', '-0.0::DOUBLE', '0.0::DOUBLE'],
  ['string', '7::BIGINT', "'7'"],
  ['timestamp', "DATE '2024-01-01'", "TIMESTAMP '2024-01-01 00:00:00'"],
  ['int64', 'NULL::INTEGER', 'NULL::BIGINT'],
])('puts equal %s keys into one chunk: %s and %s', async (type, left, right) => {
  const [row] = await queryRows(db, `SELECT ${chunkOf(type, left)} AS l, ${chunkOf(type, right)} AS r`);
  expect(row!['l']).toBe(row!['r']);
  expect(row!['l']).not.toBeNull();
});

it('cuts a chunk into two halves without a seam', async () => {
  const keys = [{ name: 'k', type: 'int64' as const }];
  const whole = { of: 3, index: 2 };
  const count = (chunk: typeof whole): string =>
    `SELECT count(*) AS n FROM range(10000) t(k) WHERE ${inChunk(keys, chunk, (name) => name)}`;
  const [left, right] = halves(whole);
  const [row] = await queryRows(
    db,
    `SELECT (${count(whole)}) AS "all", (${count(left)}) + (${count(right)}) AS parts, (${count(left)}) AS one`,
  );
  expect(row!['all']).toBe(row!['parts']);
  expect(Number(row!['one'])).toBeGreaterThan(1000);
});
