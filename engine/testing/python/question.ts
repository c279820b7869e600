import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FeatureType, ScalarType } from '../../catalog/model';
import { openSession, WHOLE_RUN } from '../../node/commands/session';
import { literal } from '../../sql/literal';

/** A spine and the feature tables to join to it: what Plumbline, Feast, pandas and polars are all asked. */
export interface Question {
  name: string;
  views: QuestionView[];
  /** SQL of the spine: keys, `t` (event time), and `n`, which counts its rows from 0. */
  spine: string;
}

export interface QuestionView {
  name: string;
  keys: Record<string, ScalarType>;
  features: Record<string, FeatureType>;
  /** SQL of the rows: keys, features, `happened` (event time), and `made` where `created`. */
  rows: string;
  /** Microseconds; null = unlimited. */
  ttl: bigint | null;
  /** Whether `made` decides between rows of one event time. */
  created: boolean;
}

/** Writes a folder of Parquet files, questions.json for the Python programs, and a notebook of a set per question. */
export async function writeQuestions(
  folder: string,
  native: DuckDBConnection,
  questions: readonly Question[],
): Promise<void> {
  await native.run("SET TimeZone = 'UTC'");
  const save = (name: string, sql: string) =>
    native.run(`COPY (${sql}) TO ${literal(join(folder, `${name}.parquet`))} (FORMAT parquet)`);
  for (const { name, spine, views } of questions) {
    await save(`${name}_spine`, spine);
    for (const view of views) await save(`${name}_${view.name}`, view.rows);
  }
  const text = JSON.stringify(questions, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  await writeFile(join(folder, 'questions.json'), text);
  const cells = questions.flatMap(cellsOf).join('\n');
  await writeFile(join(folder, 'questions.plumb.md'), `---\nplumbline: 1\n---\n\n${cells}`);
}

function cellsOf({ name, views }: Question): string[] {
  const refs = views.flatMap((view) =>
    Object.keys(view.features).map((one) => `"${name}_${view.name}:${one}"`),
  );
  return [
    cell(`source ${name}_spine`, `files: ${name}_spine.parquet`, 'timestamp: t'),
    ...views.flatMap((view) => viewCells(`${name}_${view.name}`, view)),
    cell(
      `training-set ${name}`,
      `spine: { sql: SELECT * FROM ${name}_spine }`,
      'timestamp: t',
      `features: [${refs.join(', ')}]`,
      `export: { file: ours_${name}.parquet }`,
    ),
  ];
}

function viewCells(name: string, { keys, features, ttl, created }: QuestionView): string[] {
  const list = (items: Record<string, string>) => Object.entries(items);
  return [
    cell(`source ${name}_rows`, `files: ${name}.parquet`, 'timestamp: happened'),
    cell(`entity ${name}_entity`, 'join_keys:', ...list(keys).map(([key, type]) => `  ${key}: ${type}`)),
    cell(
      `view ${name}`,
      `entity: ${name}_entity`,
      `source: ${name}_rows`,
      ...(ttl === null ? [] : [`ttl: ${ttl / 1_000_000n}s`]),
      ...(created ? ['created_timestamp: made'] : []),
      'features:',
      ...list(features).map(([feature, type]) => `  ${feature}: { type: ${type}, column: ${feature} }`),
    ),
  ];
}

function cell(head: string, ...lines: string[]): string {
  return ['```yaml ' + head, ...lines, '```', ''].join('\n');
}

/** Runs the notebook of `writeQuestions`: `ours_<question>.parquet` for each. Throws when a cell did not run. */
export async function answerQuestions(folder: string): Promise<void> {
  const session = await openSession(join(folder, 'questions.plumb.md'), { allowOutside: false });
  try {
    const runs = await session.runner.runAll(null, { ...WHOLE_RUN, exportFiles: true });
    for (const { name, error } of runs) if (error) throw new Error(`${name}: ${error.message}`);
  } finally {
    await session.close();
  }
}
