import type { Source } from '../catalog/model';
import { PlumblineError } from '../errors';
import type { ParquetMetadata } from '../ports';
import type { ColumnInfo } from './database';
import { ORDER_COLUMN } from './database';
import { planColumn, type ColumnPlan } from './source-columns';

/** What one file's columns become. */
export interface FilePlan {
  file: string;
  columns: ColumnPlan[];
}

/**
 * Plans the columns of one file, as the engine named and typed them. Errors: `catalog.name_collision`,
 * `catalog.unknown_column` without the event time, `source.timestamp`.
 */
export function planFile(source: Source, file: string, columns: readonly ColumnInfo[]): FilePlan {
  if (columns.some((column) => column.name === ORDER_COLUMN))
    throw new PlumblineError(
      'catalog.name_collision',
      `${file}: "${ORDER_COLUMN}" is a name of Plumbline's own.`,
      { hint: 'Rename the column in the file.' },
    );
  if (source.timestamp !== null && !columns.some((column) => column.name === source.timestamp))
    throw new PlumblineError('catalog.unknown_column', `${file} has no column "${source.timestamp}".`, {
      hint: `The event time of source ${source.name} must be one of: ${columns.map((column) => column.name).join(', ')}.`,
    });
  const planned = columns.map((column) => {
    const plan = planColumn(column, timesOf(source).includes(column.name));
    if (plan) return plan;
    throw new PlumblineError(
      'source.timestamp',
      `${file}: column "${column.name}" is ${column.type}, which is no time.`,
      { hint: 'An event time is a timestamp, a date or text such as 2024-01-31 12:00:00+01:00.' },
    );
  });
  return { file, columns: planned };
}

/** Errors: `source.schema_mismatch` when two files of a source do not have the same columns and types. */
export function requireSame(source: Source, first: FilePlan, other: FilePlan): void {
  if (first.file === other.file || first.columns === other.columns) return;
  const known = new Map(first.columns.map((column) => [column.name, column.type]));
  const problem = (what: string): PlumblineError =>
    new PlumblineError('source.schema_mismatch', `The files of source ${source.name} differ: ${what}.`, {
      hint: 'All files of a source must have the same columns with the same types.',
    });
  for (const column of other.columns) {
    const type = known.get(column.name);
    if (type === undefined) throw problem(`${other.file} has "${column.name}", ${first.file} has not`);
    if (type !== column.type)
      throw problem(`"${column.name}" is ${type} in ${first.file} and ${column.type} in ${other.file}`);
    known.delete(column.name);
  }
  for (const name of known.keys()) throw problem(`${first.file} has "${name}", ${other.file} has not`);
}

/** Whether two Parquet files have the same columns in the same order, so that one plan serves both. */
export function sameColumns(left: ParquetMetadata, right: ParquetMetadata): boolean {
  const list = (metadata: ParquetMetadata): string =>
    JSON.stringify(metadata.columns.map(({ name, type }) => [name, type]));
  return list(left) === list(right);
}

/** The columns that must be times, and always come. */
function timesOf(source: Source): string[] {
  return [source.timestamp, source.availableAt].filter((name) => name !== null);
}

/** Rows times columns up to which a source is loaded whole, so that its grid shows all of it. */
const SMALL_VALUES = 8_000_000;

/**
 * The columns to load, in the file's order. `used`: lower-case names of what anything reads, null = everything.
 * `rows` = how many the files hold, null = not known before they are read.
 */
export function columnsToLoad(
  source: Source,
  columns: readonly ColumnPlan[],
  used: ReadonlySet<string> | null,
  rows: number | null,
): ColumnPlan[] {
  if (used === null || rows === null || rows * columns.length <= SMALL_VALUES) return [...columns];
  const chosen = columns.filter(({ name }) => timesOf(source).includes(name) || used.has(name.toLowerCase()));
  // A relation of rows alone still counts them.
  return chosen.length > 0 ? chosen : columns.slice(0, 1);
}

/**
 * The columns of a Parquet file that the engine can hold. Errors: `source.unsupported_type` for one that it cannot
 * hold but that is used.
 */
export function supportedColumns(
  path: string,
  metadata: ParquetMetadata,
  used: ReadonlySet<string> | null,
): string[] {
  const refused = metadata.columns.find(
    ({ name, unsupported }) => unsupported !== undefined && (used === null || used.has(name.toLowerCase())),
  );
  if (refused)
    throw new PlumblineError(
      'source.unsupported_type',
      `${path}: column "${refused.name}" is of type ${refused.type}; ${refused.unsupported} cannot be loaded.`,
      { hint: 'Write the column as a number or as text, or leave it out of the file.' },
    );
  return metadata.columns.filter(({ unsupported }) => unsupported === undefined).map(({ name }) => name);
}
