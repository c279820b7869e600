import {
  bool,
  columnFromArray,
  float64,
  int64,
  tableFromColumns,
  tableToIPC,
  utf8,
  type DataType,
} from '@uwdata/flechette';
import { PlumblineError } from '../errors';
import type { ArrowBytes } from './database';

type Row = Record<string, unknown>;

/**
 * A JSON file (an array of objects, or one object per line) as an Arrow IPC stream. A column is BOOLEAN, BIGINT,
 * DOUBLE or VARCHAR; nested values become JSON text. Errors: `source.corrupt`, `source.unsupported_type`.
 */
export function jsonTable(path: string, bytes: Uint8Array): ArrowBytes {
  const rows = parseRows(path, bytes);
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  const columns = [...names].map((name): [string, ReturnType<typeof columnFromArray>] => {
    const values = rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null));
    const { type, convert } = columnType(path, name, values);
    const converted = values.map((value) => (value === null ? null : convert(value)));
    return [name, columnFromArray(converted, type)];
  });
  const stream = tableToIPC(tableFromColumns(columns), { format: 'stream' });
  if (!stream) throw new PlumblineError('internal', `${path} could not be encoded.`);
  return stream;
}

function parseRows(path: string, bytes: Uint8Array): Row[] {
  const text = new TextDecoder().decode(bytes);
  const values: unknown[] = /^\s*\[/.test(text)
    ? (parse(path, text, 1) as unknown[])
    : text
        .split('\n')
        .map((line, index) => (line.trim() === '' ? null : parse(path, line, index + 1)))
        .filter((value) => value !== null);
  values.forEach((value, index) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw corrupt(path, `row ${index + 1} is not an object`);
  });
  return values as Row[];
}

function parse(path: string, text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw corrupt(path, `line ${line}: ${(thrown as Error).message}`);
  }
}

function columnType(
  path: string,
  name: string,
  values: readonly unknown[],
): { type: DataType; convert: (value: unknown) => unknown } {
  const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (kinds.size === 1) {
    if (kinds.has('boolean')) return { type: bool(), convert: (value) => value };
    if (kinds.has('number')) {
      const numbers = values.filter((value) => value !== null) as number[];
      if (!numbers.every(Number.isInteger)) return { type: float64(), convert: (value) => value };
      if (numbers.every(Number.isSafeInteger))
        return { type: int64(), convert: (value) => BigInt(value as number) };
      throw new PlumblineError(
        'source.unsupported_type',
        `${path}: column "${name}" has whole numbers beyond 2^53, which JSON readers round.`,
        { hint: 'Write them as text, or use CSV or Parquet.' },
      );
    }
  }
  if (kinds.size > 1 && !kinds.has('object'))
    throw new PlumblineError(
      'source.unsupported_type',
      `${path}: column "${name}" mixes ${[...kinds].sort().join(' and ')} values.`,
      { hint: 'Give the column one type in the file.' },
    );
  return {
    type: utf8(),
    convert: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  };
}

function corrupt(path: string, what: string): PlumblineError {
  return new PlumblineError('source.corrupt', `${path} is not sound JSON: ${what}.`, {
    hint: 'A JSON source is one array of objects, or one object per line.',
  });
}
