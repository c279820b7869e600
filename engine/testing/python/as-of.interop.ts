import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOfCase } from './as-of-case';
import { compareAnswers, exportCases, writeCases } from './as-of-folder';
import { runPython, withoutPython } from './python';

const CASES = fc.sample(asOfCase, { seed: 20250316, numRuns: 24 });

describe.skipIf(withoutPython)('exported training sets against other as-of joins', () => {
  let folder: string;
  let native: DuckDBConnection;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-as-of-'));
    native = await (await DuckDBInstance.create(':memory:')).connect();
    await writeCases(folder, native, CASES);
    await exportCases(folder);
  });
  afterAll(async () => {
    native.closeSync();
    await rm(folder, { recursive: true });
  });

  for (const tool of ['pandas', 'polars'])
    it(`have every value that ${tool} finds, in 24 random data sets`, async () => {
      await runPython('as_of.py', folder, tool);
      const { values, present, differences } = await compareAnswers(native, folder, tool, CASES.length);
      expect(differences.slice(0, 5)).toEqual([]);
      expect(values).toBeGreaterThan(5_000);
      expect(present).toBeGreaterThan(values / 10);
    });
});
