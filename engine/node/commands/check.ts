import type { Diagnostic } from '../../notebook/document';
import type { CheckArguments } from './arguments';
import type { Output } from './output';
import { printJson } from './report';
import { openSession } from './session';

/** Parses and binds everything, runs nothing. Exit code 1 when anything is wrong. */
export async function checkCommand(args: CheckArguments, output: Output): Promise<number> {
  const session = await openSession(args.file, args);
  try {
    const bound = await session.runner.bind();
    const problems = [...session.notebook.diagnostics, ...bound].sort(byPlace);
    if (args.json) output.line(printJson({ plumbline: 1, notebook: session.file, problems }));
    else problems.forEach((problem) => output.line(problemLine(problem)));
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    if (!args.json && errors === 0) output.line(`${session.file}: no errors`);
    return errors > 0 ? 1 : 0;
  } finally {
    await session.close();
  }
}

function byPlace(left: Diagnostic, right: Diagnostic): number {
  return left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column;
}

function problemLine(problem: Diagnostic): string {
  const { file, line, column, severity, message, code, hint } = problem;
  return `${file}:${line}:${column}: ${severity}: ${message} [${code}]${hint ? `\n    ${hint}` : ''}`;
}
