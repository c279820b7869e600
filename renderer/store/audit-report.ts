import { auditReport } from '../../engine/audit/report';
import type { AuditResult } from '../../engine/results';
import { saveFile } from './saved-file';
import type { SliceContext } from './slice';
import type { RunsSlice } from './state';

/** Where the report of an audit cell goes, relative to the workspace. */
export function reportPath(cell: string): string {
  return `out/${cell}.html`;
}

/** Writes what an audit found as one HTML file. */
export function auditReports({ get, deps }: SliceContext): Pick<RunsSlice, 'saveReport'> {
  return {
    async saveReport(cell) {
      const result = get().runs.byCell[cell]?.run?.result;
      if (result === undefined || !('rows_not_right' in result)) return null;
      const about = { notebook: get().document.current?.file ?? '', version: get().workspace.version };
      const bytes = new TextEncoder().encode(auditReport(result as AuditResult, about));
      return saveFile({ deps }, reportPath(cell), bytes);
    },
  };
}
