import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import { answerQuestions, writeQuestions, type Question } from './question';

/** A folder with the questions of a test file and our answers, made before its first test and removed at the end. */
export function askedQuestions(questions: readonly Question[]): { folder: string; native: DuckDBConnection } {
  const asked = {} as { folder: string; native: DuckDBConnection };
  beforeAll(async () => {
    asked.folder = await mkdtemp(join(tmpdir(), 'plumbline-questions-'));
    asked.native = await (await DuckDBInstance.create(':memory:')).connect();
    await writeQuestions(asked.folder, asked.native, questions);
    await answerQuestions(asked.folder);
  });
  afterAll(async () => {
    asked.native.closeSync();
    await rm(asked.folder, { recursive: true });
  });
  return asked;
}
