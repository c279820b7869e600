import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareAnswers } from './answers';
import { asOfCase, FEATURES, questionOf } from './as-of-case';
import { runPython, withoutPython } from './python';
import { askedQuestions } from './question-fixture';

const questions = fc
  .sample(asOfCase, { seed: 20250316, numRuns: 24 })
  .map((one, index) => questionOf(one, `c${index}`));

describe.skipIf(withoutPython)('exported training sets against other as-of joins', () => {
  const asked = askedQuestions(questions);
  for (const tool of ['pandas', 'polars'])
    it(`have every value that ${tool} finds, in 24 random data sets`, async () => {
      await runPython('as_of.py', asked.folder, tool);
      const names = questions.map(({ name }) => name);
      const found = await compareAnswers(asked.native, asked.folder, tool, names, Object.keys(FEATURES));
      expect(found.differences.slice(0, 5)).toEqual([]);
      expect(found.absent).toEqual([]);
      expect(found.values).toBeGreaterThan(5_000);
      expect(found.present).toBeGreaterThan(found.values / 10);
    });
});
