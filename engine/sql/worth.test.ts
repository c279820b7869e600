import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { openTestDatabase } from '../testing/test-database';
import { aucSql, spearmanSql, twoValuesSql } from './worth';

describe('what a feature tells of the label', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
    await db.query(`CREATE TABLE scores AS SELECT * FROM (VALUES
      (0, 1.0, 10), (0, 2.0, 20), (1, 2.0, 15), (1, 3.0, 40), (1, NULL, 50), (NULL, 9.0, 1)) t(label, score, n)`);
  });
  afterAll(() => db.close());

  it('counts pairs, a tie as half', async () => {
    // (2 > 1), (2 = 2), (3 > 1), (3 > 2): 3.5 of 4 pairs.
    expect(
      await queryRows(db, aucSql({ table: 'scores', label: 'label', feature: 'score', rows: [] })),
    ).toEqual([{ worth: 0.875 }]);
  });

  it('correlates average ranks', async () => {
    // Ranks of n: 1 3 2 4; of score: 1 2.5 2.5 4. Pearson of these: 4.5 / sqrt(5 * 4.5).
    const labelled = { table: 'scores', label: 'n', feature: 'score', rows: ['"label" IS NOT NULL'] };
    const rows = await queryRows(db, spearmanSql(labelled));
    expect(rows[0]?.['worth']).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });

  it.each([
    ['(VALUES (1), (2), (2), (NULL)) t(label)', true],
    ['(VALUES (1), (2), (3)) t(label)', false],
    ["(VALUES (1.0), (2.0), ('nan'::DOUBLE)) t(label)", false],
    ["(VALUES (1.0), ('nan'::DOUBLE)) t(label)", true],
    ['(VALUES (true), (false)) t(label)', true],
    ['(VALUES (NULL::INTEGER)) t(label)', true],
    ['(SELECT 1 AS label WHERE false)', true],
  ])('sees whether the labels of %s are two', async (table, two) => {
    expect(await queryRows(db, twoValuesSql(table, 'label'))).toEqual([{ two }]);
  });
});
