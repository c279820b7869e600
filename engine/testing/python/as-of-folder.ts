import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openSession, WHOLE_RUN } from '../../node/commands/session';
import { literal, timestampLiteral } from '../../sql/literal';
import type { AsOfCase, AsOfRow } from './as-of-case';

/** A case as cases.json describes it to Python; the files that it names lie beside it and end in `.parquet`. */
interface AsOfFiles {
  name: string;
  rows: string;
  spine: string;
  keys: string[];
  /** Microseconds. */
  ttl: string | null;
  /** The column that decides between rows of one event time; null where there are none. */
  created: string | null;
  /** The feature columns. */
  values: readonly string[];
}

const TYPES = { whole: 'int64', float: 'float64', text: 'string', flag: 'bool', moment: 'timestamp' };
const KEYS = { a: 'int64', b: 'string' };
const VALUES = Object.keys(TYPES);

/** Writes a folder: the cases' Parquet files, cases.json, and a notebook that computes every case. */
export async function writeCases(
  folder: string,
  native: DuckDBConnection,
  cases: readonly AsOfCase[],
): Promise<void> {
  await native.run("SET TimeZone = 'UTC'");
  const files = cases.map((one, index) => filesOf(one, `c${index}`));
  for (const [index, one] of cases.entries()) {
    const { rows, spine } = files[index]!;
    await writeTable(native, join(folder, `${rows}.parquet`), ROW_COLUMNS, one.rows.map(rowTuple));
    const spineTuples = one.spine.map(({ a, b, t }, n) => [literal(a), literal(b), instant(t), String(n)]);
    await writeTable(native, join(folder, `${spine}.parquet`), SPINE_COLUMNS, spineTuples);
  }
  await writeFile(join(folder, 'cases.json'), JSON.stringify(files));
  const cells = files.map(cellsOf).join('\n');
  await writeFile(join(folder, 'cases.plumb.md'), `---\nplumbline: 1\n---\n\n${cells}`);
}

const ROW_COLUMNS =
  'a BIGINT, b VARCHAR, happened TIMESTAMPTZ, made TIMESTAMPTZ, whole BIGINT, float DOUBLE, text VARCHAR, flag BOOLEAN, moment TIMESTAMPTZ';
const SPINE_COLUMNS = 'a BIGINT, b VARCHAR, t TIMESTAMPTZ, n BIGINT';

const instant = (value: bigint | null): string => (value === null ? 'NULL' : timestampLiteral(value));

const rowTuple = ({ a, b, happened, made, whole, float, text, flag, moment }: AsOfRow): string[] => [
  ...[a, b].map(literal),
  ...[happened, made].map(instant),
  ...[whole, float, text, flag].map(literal),
  instant(moment),
];

async function writeTable(
  native: DuckDBConnection,
  path: string,
  columns: string,
  tuples: readonly string[][],
): Promise<void> {
  await native.run(`CREATE OR REPLACE TABLE written (${columns})`);
  const rows = tuples.map((tuple) => `(${tuple.join(', ')})`).join(', ');
  if (rows !== '') await native.run(`INSERT INTO written VALUES ${rows}`);
  await native.run(`COPY written TO ${literal(path)} (FORMAT parquet)`);
}

function filesOf({ keys, ttl, created }: AsOfCase, name: string): AsOfFiles {
  return {
    name,
    rows: `rows_${name}`,
    spine: `spine_${name}`,
    keys,
    ttl: ttl === null ? null : String(ttl),
    created: created ? 'made' : null,
    values: VALUES,
  };
}

function cellsOf({ name, rows, spine, keys, ttl, created }: AsOfFiles): string {
  const joinKeys = keys.map((key) => `${key}: ${KEYS[key as keyof typeof KEYS]}`).join(', ');
  const features = Object.entries(TYPES).map(
    ([value, type]) => `  ${value}: { type: ${type}, column: ${value} }`,
  );
  return [
    cell(`source ${rows}`, `files: ${rows}.parquet`, 'timestamp: happened'),
    cell(`source ${spine}`, `files: ${spine}.parquet`, 'timestamp: t'),
    cell(`entity entity_${name}`, `join_keys: { ${joinKeys} }`),
    cell(
      `view view_${name}`,
      `entity: entity_${name}`,
      `source: ${rows}`,
      ...(ttl === null ? [] : [`ttl: ${BigInt(ttl) / 1_000_000n}s`]),
      ...(created === null ? [] : [`created_timestamp: ${created}`]),
      'features:',
      ...features,
    ),
    cell(
      `training-set set_${name}`,
      `spine: { sql: SELECT * FROM ${spine} }`,
      'timestamp: t',
      `features: [${VALUES.map((value) => `"view_${name}:${value}"`).join(', ')}]`,
      `export: { file: ours_${name}.parquet }`,
    ),
  ].join('\n');
}

function cell(head: string, ...lines: string[]): string {
  return ['```yaml ' + head, ...lines, '```', ''].join('\n');
}

/** Runs the notebook of `writeCases`: `ours_<case>.parquet` for each. Throws when a cell did not run. */
export async function exportCases(folder: string): Promise<void> {
  const session = await openSession(join(folder, 'cases.plumb.md'), { allowOutside: false });
  try {
    const runs = await session.runner.runAll(null, { ...WHOLE_RUN, exportFiles: true });
    for (const { name, error } of runs) if (error) throw new Error(`${name}: ${error.message}`);
  } finally {
    await session.close();
  }
}

/** An instant is compared as such, whether its file says UTC or nothing. */
function asText(side: string, value: string): string {
  return value === 'moment' ? `epoch_us(${side}.moment)::VARCHAR` : `${side}.${value}::VARCHAR`;
}

/** Values compared and, for each row in which an answer differs from ours, both sides as text. */
export async function compareAnswers(
  native: DuckDBConnection,
  folder: string,
  tool: string,
  count: number,
): Promise<{ values: number; present: number; differences: unknown[] }> {
  const total = { values: 0, present: 0, differences: [] as unknown[] };
  for (let index = 0; index < count; index++) {
    const [ours, theirs] = ['ours', tool].map((side) => literal(join(folder, `${side}_c${index}.parquet`)));
    const text = (side: string) => `[${VALUES.map((value) => asText(side, value)).join(', ')}]`;
    const reader = await native.runAndReadAll(`
      SELECT 'c${index}' AS name, n, ${text('o')}::VARCHAR AS ours, ${text('t')}::VARCHAR AS theirs,
        len(${text('o')}) AS values, len(list_filter(${text('o')}, lambda x: x IS NOT NULL)) AS present,
        o.n IS NULL OR t.n IS NULL OR ${text('o')} IS DISTINCT FROM ${text('t')} AS differs
      FROM ${ours} o FULL JOIN ${theirs} t USING (n)`);
    for (const row of reader.getRowObjects()) {
      total.values += Number(row['values']);
      total.present += Number(row['present']);
      if (row['differs'])
        total.differences.push({ name: row['name'], n: row['n'], ours: row['ours'], theirs: row['theirs'] });
    }
  }
  return total;
}
