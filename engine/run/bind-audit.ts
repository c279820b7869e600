import { auditedFile, planAudit } from '../audit/audit-plan';
import type { AuditCheck, Catalog } from '../catalog/model';
import { PlumblineError, toPlumblineError } from '../errors';
import type { WorkspaceFiles } from '../ports';
import type { BindProblem } from '../sql/bind-problem';
import type { SourceRegistry } from './source-registry';

/**
 * What of an audit does not fit its file, by the file's columns alone; a file that cannot be read is such a problem too.
 * Errors: `engine.cancelled`.
 */
export async function bindAudit(
  files: WorkspaceFiles,
  sources: SourceRegistry,
  catalog: Catalog,
  check: AuditCheck,
  signal?: AbortSignal,
): Promise<BindProblem[]> {
  const file = auditedFile(check);
  try {
    if ((await files.glob(check.file)).length === 0)
      throw new PlumblineError('source.no_files', `There is no file ${check.file} to audit.`, {
        hint: 'Check the path; it counts from the folder of the notebook.',
      });
    await sources.describe(file, { columns: null, signal });
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    const { code, message, hint = '' } = toPlumblineError(thrown);
    return [{ cell: check.name, path: ['file'], offset: 0, length: check.file.length, code, message, hint }];
  }
  return planAudit(catalog, check, sources.columns.get(file.name) ?? []).problems;
}
