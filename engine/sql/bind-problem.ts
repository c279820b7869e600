import { nearest } from '../catalog/names';
import type { ColumnInfo } from '../database/database';
import { type ErrorCode, PlumblineError, toPlumblineError } from '../errors';
import { partStatement } from './bind-cache';
import type { BindPart } from './bind-part';
import { checkScalar } from './expression';
import { scan, type Token } from './scan';

/** A definition that does not bind. `offset` and `length` count characters in the text at `path` of the cell. */
export interface BindProblem {
  cell: string;
  /** Where in the cell's YAML: `['features', 'rate', 'ratio', 'of', 'where']`. Empty for an SQL cell's body. */
  path: (string | number)[];
  offset: number;
  length: number;
  code: ErrorCode;
  message: string;
  hint: string;
}

/** The problem that a column is not there; none when it is. */
export function missing(
  cell: string,
  path: (string | number)[],
  name: string,
  where: string,
  columns: readonly ColumnInfo[],
): BindProblem[] {
  if (columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) return [];
  return [
    {
      cell,
      path,
      offset: 0,
      length: name.length,
      code: 'catalog.unknown_column',
      message: `no column ${name} in ${where}`,
      hint: hintFor(name, names(columns)),
    },
  ];
}

/** What can be said of a part without binding it. */
export function refusal(cell: string, part: BindPart): BindProblem[] {
  if (part.problem !== undefined) {
    const error = new PlumblineError('catalog.type_mismatch', part.problem, {
      hint: 'Change the default or the type.',
    });
    return [problem(cell, part.path, part.text, error, [])];
  }
  if (!part.checked) return [];
  try {
    checkScalar(part.text);
    return [];
  } catch (thrown) {
    return [problem(cell, part.path, part.text, toPlumblineError(thrown), [])];
  }
}

/** The columns that people know of. */
export function names(columns: readonly ColumnInfo[]): string[] {
  return columns.map((column) => column.name).filter((name) => !name.startsWith('__'));
}

function hintFor(name: string, candidates: readonly string[]): string {
  const meant = nearest(name, candidates);
  return meant === null ? `It has ${candidates.join(', ')}.` : `did you mean ${meant}?`;
}

/** An error of binding as a problem at the text that caused it; `source` names where an unknown column was looked for. */
export function problem(
  cell: string,
  path: (string | number)[],
  text: string,
  error: PlumblineError,
  candidates: readonly string[],
  source?: string,
): BindProblem {
  const unknown = /Referenced column "([^"]+)" (?:not found|was not found)/.exec(error.message)?.[1];
  // A long line is cut around the place, which is then lost: the name itself is still there to be found.
  const named = scan(text).find((token) => unknown !== undefined && bareName(token) === unknown);
  const offset = named?.at ?? Math.min(offsetOf(text, error), text.length);
  const length = lengthAt(text, offset, unknown);
  if (unknown !== undefined && source !== undefined)
    return {
      cell,
      path,
      offset,
      length,
      code: 'catalog.unknown_column',
      message: `no column ${unknown} in ${source}`,
      hint: hintFor(unknown, candidates),
    };
  return { cell, path, offset, length, code: error.code, message: error.message, hint: error.hint ?? '' };
}

/** The error's line and column (from 1) as an offset into the text. */
function offsetOf(text: string, { place }: PlumblineError): number {
  if (place.line === undefined) return 0;
  const before = text.split('\n').slice(0, place.line - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + (place.column ?? 1) - 1;
}

function bareName(token: Token): string {
  return token.kind === 'quoted' ? token.text.slice(1, -1) : token.text;
}

function lengthAt(text: string, offset: number, name: string | undefined): number {
  if (name !== undefined && text.startsWith(name, offset)) return name.length;
  const word = /^(?:[\p{L}\p{N}_]+|"[^"]*")/u.exec(text.slice(offset))?.[0];
  return Math.max(1, word?.length ?? 1);
}

/** Moves an error's place from the statement that bound a part into the user's text. */
export function shift(error: PlumblineError, part: BindPart, from: string): PlumblineError {
  const { line, column } = error.place;
  if (line === undefined || column === undefined) return error;
  const before = partStatement(part, from).split(part.sql)[0] + part.sql.slice(0, part.lead);
  const firstLine = before.split('\n').length;
  const firstColumn = before.length - before.lastIndexOf('\n');
  // Later lines of the text were moved right by two.
  const place =
    line === firstLine
      ? { line: 1, column: column - firstColumn + 1 }
      : { line: line - firstLine + 1, column: column - 2 };
  return new PlumblineError(error.code, error.message, {
    hint: error.hint,
    cause: error.cause,
    place: { line: Math.max(1, place.line), column: Math.max(1, place.column) },
  });
}
