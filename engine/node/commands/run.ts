import { dirname, resolve } from 'node:path';
import type { ErrorPlace } from '../../errors';
import type { Diagnostic } from '../../notebook/document';
import type { OnProgress } from '../../ports';
import type { CellRun } from '../../results';
import type { RunOptions } from '../../run-types';
import { connectedHost } from './connections';
import type { RunArguments } from './arguments';
import { cellReport, errorLines, printJson } from './report';
import { openSession, WHOLE_RUN, type Session } from './session';
import type { Output } from './output';

/** Runs a notebook. Gives the exit code: 0 all ran, 1 a cell failed or was skipped. */
export async function runCommand(args: RunArguments, output: Output): Promise<number> {
  const session = await openSession(args.file, {
    allowOutside: args.allowOutside,
    threads: args.threads ?? undefined,
    out: args.out,
    online: connectedHost(args.redis, dirname(resolve(args.file))),
  });
  try {
    return await runNotebook(session, args, output);
  } finally {
    await session.close();
  }
}

/** Runs cells of an open notebook whole and reports on them. Gives the exit code. */
export async function runNotebook(
  session: Session,
  args: Pick<RunArguments, 'cells' | 'write' | 'json'> &
    Partial<Pick<RunArguments, 'checkManifest' | 'dropJournal'>>,
  output: Output,
  onProgress?: OnProgress,
): Promise<number> {
  const cancel = new AbortController();
  output.onInterrupt(() => cancel.abort());
  const options: RunOptions = {
    ...WHOLE_RUN,
    write: args.write,
    exportFiles: true,
    checkManifest: args.checkManifest,
    dropJournal: args.dropJournal,
    signal: cancel.signal,
    onProgress,
  };
  const loose = session.notebook.diagnostics.filter((one) => one.severity === 'error' && one.cell === null);
  const report = (run: CellRun) => args.json || output.line(cellReport(run, session.file));
  const cells = await session.runner.runAll(args.cells.length > 0 ? args.cells : null, options, report);
  const info = await session.host.database.info();
  const failed = cells.filter((cell) => cell.status !== 'ok').length;
  if (args.json)
    output.line(
      printJson({
        plumbline: 1,
        notebook: session.file,
        engine: { duckdb: info.version, threads: info.threads },
        cells: cells.map(jsonCell),
      }),
    );
  for (const problem of loose)
    output.problem(errorLines({ ...problem, place: placeOf(problem) }, session.file));
  if (!args.json)
    output.line(
      failed === 0 ? `${cells.length} cells ran` : `${failed} of ${cells.length} cells did not run`,
    );
  return failed + loose.length > 0 ? 1 : 0;
}

const placeOf = ({ file, line, column }: Diagnostic): ErrorPlace => ({ file, line, column });

/** A cell as --json gives it: the error with its place flat, no internal names. */
function jsonCell(run: CellRun) {
  const { relation: _relation, error, ...rest } = run;
  const { code, message, hint, place } = error ?? {};
  return {
    ...rest,
    error: error && {
      code,
      message,
      hint: hint ?? null,
      line: place?.line ?? null,
      column: place?.column ?? null,
    },
  };
}
