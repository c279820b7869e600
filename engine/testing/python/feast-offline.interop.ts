import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAnswers } from './answers';
import { asOfCase, FEATURES, questionOf, type AsOfCase, type AsOfRow } from './as-of-case';
import { runPython, withoutPython } from './python';
import { askedQuestions } from './question-fixture';

/** The part of a case in which Feast is right: no NULL in a key or a time, no spine row twice; see feast-difference. */
function forFeast(one: AsOfCase): AsOfCase {
  const whole = (row: Pick<AsOfRow, 'a' | 'b'>) => one.keys.every((key) => row[key] !== null);
  const spine = one.spine.filter((row) => whole(row) && row.t !== null);
  const places = spine.map((row) => [...one.keys.map((key) => row[key]), row.t].join(' '));
  return {
    ...one,
    rows: one.rows.filter((row) => whole(row) && row.happened !== null),
    spine: spine.filter((_, index) => places.indexOf(places[index]!) === index),
  };
}

const cases = fc
  .sample(asOfCase, { seed: 20250317, numRuns: 20 })
  .map(forFeast)
  .filter(({ rows, spine }) => rows.length > 0 && spine.length > 0);
const questions = cases.map((one, index) => questionOf(one, `c${index}`));
const names = questions.map(({ name }) => name);

describe.skipIf(withoutPython)('exported training sets against Feast’s own offline stores', () => {
  const asked = askedQuestions(questions);

  it('have every value that the DuckDB store finds', async () => {
    expect(await runPython('feast_offline.py', asked.folder, 'duckdb')).toEqual({});
    const found = await compareAnswers(asked.native, asked.folder, 'duckdb', names, Object.keys(FEATURES));
    expect(found.differences.slice(0, 5)).toEqual([]);
    expect(found.absent).toEqual([]);
    expect(found.present).toBeGreaterThan(500);
  });

  // Its whole numbers and NaN pass through pandas; the other features still tell which row was chosen.
  // Where created timestamps decide it is not reliable; see feast-difference.
  it('have every value that the file store finds; the rows that it drops have none', async () => {
    expect(await runPython('feast_offline.py', asked.folder, 'dask')).toEqual({});
    const untied = names.filter((_, index) => !cases[index]!.created);
    const found = await compareAnswers(asked.native, asked.folder, 'dask', untied, [
      'text',
      'flag',
      'moment',
    ]);
    expect(found.differences.slice(0, 5)).toEqual([]);
    expect(found.absent.filter(({ ours }) => ours.some((value) => value !== null))).toEqual([]);
    expect(found.absent.length).toBeGreaterThan(0);
    expect(found.present).toBeGreaterThan(200);
  });
});
