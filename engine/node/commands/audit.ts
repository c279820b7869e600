import { relative, resolve, sep } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { auditReport } from '../../audit/report';
import { fromErrorRecord, PlumblineError, type ErrorRecord } from '../../errors';
import { analyse } from '../../notebook/analysis';
import { freeName, insertCell } from '../../notebook/edit';
import type { AuditResult } from '../../results';
import { atomicWrite } from '../atomic-write';
import { fileError } from '../file-error';
import type { AuditArguments } from './arguments';
import { auditLines } from './audit-report';
import type { Output } from './output';
import { errorLines, printJson } from './report';
import { openSession, WHOLE_RUN, type Session } from './session';

/**
 * Audits a file as an audit cell at the end of the notebook would. Gives the exit code: 0 within the limit, 1 past it.
 * Errors: those of the notebook and of the audit.
 */
export async function auditCommand(args: AuditArguments, output: Output): Promise<number> {
  const file = resolve(args.file);
  const session = await openSession(args.notebook, { allowOutside: args.allowOutside, granted: [file] });
  try {
    const cancel = new AbortController();
    output.onInterrupt(() => cancel.abort());
    const cell = addAudit(session, args, file);
    const run = await session.runner.run(cell, { ...WHOLE_RUN, signal: cancel.signal });
    const error = run.error && elsewhere(run.error, cell);
    if (error && error.code !== 'audit.limit') throw fromErrorRecord(error);
    const result = { ...(run.result as AuditResult), file: args.file };
    if (args.html !== null) await writeReport(args.html, result, session.file);
    const summary = error && { code: error.code, message: error.message, hint: error.hint ?? null };
    if (args.json) output.line(printJson({ plumbline: 1, notebook: session.file, error: summary, result }));
    else output.line(auditLines(result).join('\n'));
    if (error)
      output.problem(errorLines({ code: error.code, message: error.message, hint: error.hint }, args.file));
    return error ? 1 : 0;
  } finally {
    await session.close();
  }
}

/** Puts the audit behind the notebook's cells, in memory only, so that the same checks apply; gives its name. */
function addAudit(
  { notebook, runner, folder }: Session,
  { set, limit }: AuditArguments,
  file: string,
): string {
  const [main, ...included] = notebook.documents;
  if (!main) throw new PlumblineError('internal', 'The notebook has no document.');
  const name = freeName(main, 'audit');
  const path = relative(folder, file).split(sep).join('/');
  const body = Object.entries({ file: path, training_set: set, limit })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
  const after = main.blocks.at(-1)?.id ?? null;
  const { document } = insertCell(main, after, { language: 'yaml', kind: 'audit', name, body });
  const documents = [document, ...included];
  const analysis = analyse(documents);
  runner.load(analysis, documents, [...notebook.diagnostics, ...analysis.diagnostics]);
  return name;
}

/** A place in the cell that was added is a place in no file. */
function elsewhere(error: ErrorRecord, cell: string): ErrorRecord {
  if (error.place?.cell !== cell) return error;
  const { place: _place, ...rest } = error;
  return rest;
}

async function writeReport(path: string, result: AuditResult, notebook: string): Promise<void> {
  const html = auditReport(result, { notebook, version: packageJson.version });
  try {
    await atomicWrite(resolve(path), html);
  } catch (thrown) {
    throw fileError(thrown, path, html.length);
  }
}
