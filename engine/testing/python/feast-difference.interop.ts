import { beforeAll, describe, expect, it } from 'vitest';
import { readAnswer } from './answers';
import { FEAST_DIFFERENCES } from './feast-difference';
import { runPython, withoutPython } from './python';
import { TIES } from './feast-ties';
import { askedQuestions } from './question-fixture';

const all = Object.entries(FEAST_DIFFERENCES);
const questions = [...all.map(([, { question }]) => question), TIES];

describe.skipIf(withoutPython)('where Feast 0.66.0 differs', () => {
  const asked = askedQuestions(questions);
  const refused: Record<string, Record<string, string>> = {};
  beforeAll(async () => {
    for (const store of ['dask', 'duckdb'])
      refused[store] = (await runPython('feast_offline.py', asked.folder, store)) as Record<string, string>;
  });

  it.each(all)('%s', async (_, { store, question, feast, ours, ordered }) => {
    const { native, folder } = asked;
    const columns = question.views.flatMap(({ features }) => Object.keys(features));
    expect(await readAnswer(native, folder, `ours_${question.name}`, columns)).toEqual(ours);
    if (feast instanceof RegExp) return expect(refused[store]?.[question.name]).toMatch(feast);
    const rows = await readAnswer(native, folder, `${store}_${question.name}`, columns);
    expect(ordered ? rows : rows.sort()).toEqual(feast);
  });

  it('the created timestamp does not always decide between rows of one event time', async () => {
    const { native, folder } = asked;
    const wrong = async (answer: string) =>
      (await readAnswer(native, folder, answer, ['x'])).filter((row) => !row.endsWith(' 2')).length;
    expect(await wrong('ours_ties')).toBe(0);
    expect(await wrong('duckdb_ties')).toBe(0);
    expect(await wrong('dask_ties')).toBeGreaterThan(0);
  });
});
