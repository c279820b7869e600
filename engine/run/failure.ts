import type { Analysis } from '../notebook/analysis';
import type { CellBlock, Diagnostic } from '../notebook/document';
import { PlumblineError, toPlumblineError } from '../errors';
import type { BindProblem } from '../sql/bind-problem';

/** The first error that analysis found in a cell, as what running it throws. */
export function diagnosticError(diagnostic: Diagnostic): PlumblineError {
  const { code, message, hint, file, cell, line, column, endLine, endColumn } = diagnostic;
  return new PlumblineError(code, message, {
    hint,
    place: { file, cell: cell ?? undefined, line, column, endLine, endColumn },
  });
}

/** An error that has its place, as a finding about the text. */
export function errorDiagnostic(error: PlumblineError): Diagnostic {
  const { code, message, hint, place } = error;
  const line = place.line ?? 1;
  const column = place.column ?? 1;
  return {
    severity: 'error',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    file: place.file ?? '',
    cell: place.cell ?? null,
    line,
    column,
    endLine: place.endLine ?? line,
    endColumn: place.endColumn ?? column + 1,
  };
}

/** A problem of binding, placed in the notebook file. */
export function bindDiagnostic(analysis: Analysis, file: string, problem: BindProblem): Diagnostic {
  const range = { offset: problem.offset, length: problem.length };
  const place = analysis.locate(problem.cell, problem.path, range);
  const { code, message, hint, cell } = problem;
  return errorDiagnostic(new PlumblineError(code, message, { hint, place: { file, cell, ...place } }));
}

/**
 * Whatever a cell threw, placed in the notebook file. The engine counts lines within the SQL it was given; only a
 * query cell's SQL is the cell's own text, so only there its lines carry over.
 */
export function cellError(thrown: unknown, block: CellBlock, file: string): PlumblineError {
  const error = toPlumblineError(thrown);
  if (error.place.file !== undefined) return error;
  const within = block.kind === 'query' ? error.place.line : undefined;
  const line = within === undefined ? block.line : block.bodyLine + within - 1;
  const column = within === undefined ? 1 : (error.place.column ?? 1);
  return new PlumblineError(error.code, error.message, {
    hint: error.hint,
    cause: error.cause,
    retryable: error.retryable,
    place: { file, cell: block.name, line, column },
  });
}
