import { auditFile } from '../../audit/audit';
import { auditedFile, planAudit } from '../../audit/audit-plan';
import { describeSource } from '../../database/source-loader';
import { PlumblineError } from '../../errors';
import type { AuditResult } from '../../results';
import { CellStopped, NO_ROWS, type CellRunner } from '../context';
import { partOverPool } from '../part-over-pool';

/** Audits the whole file, whatever the mode. Past the limit the result stands and the cell has failed. */
export const runAudit: CellRunner = async (context, name) => {
  const check = context.catalog.audits.get(name);
  if (!check) throw new PlumblineError('notebook.unknown_cell', `No audit cell ${name}.`);
  const { host, catalog, options, sources } = context;
  const { signal, onProgress } = options;
  const { database, files, reader } = host;
  const columns = await describeSource(database, files, reader, auditedFile(check), { signal });
  const { plan } = planAudit(catalog, check, columns);
  if (!plan) throw new PlumblineError('internal', `The audit ${name} ran though it does not fit its file.`);
  const large = new Set([...sources.values()].flatMap((one) => (one.large ? [one.source] : [])));
  const buildPart = partOverPool(context);
  const built = await auditFile(host, catalog, plan, { buildPart, large, signal, onProgress }).finally(() =>
    host.pool?.close(),
  );
  context.audits.set(name, built);
  const outcome = { ...NO_ROWS, rows: built.findings, result: built.result };
  const failure = pastLimit(built.result);
  if (failure) throw new CellStopped(outcome, failure);
  return outcome;
};

function pastLimit(result: AuditResult): PlumblineError | null {
  const { file, rows, rows_not_right: wrong, percent_not_right: percent, limit } = result;
  if (rows > 0 && percent <= limit) return null;
  const count = (value: number): string => value.toLocaleString('en-US');
  return new PlumblineError(
    'audit.limit',
    rows === 0
      ? `${file} has no rows: nothing was audited.`
      : `${count(wrong)} of the ${count(rows)} rows of ${file} are not right: ${percent.toFixed(2)} %, and the limit is ${limit} %.`,
    {
      hint:
        rows === 0
          ? 'Check the file.'
          : 'The result says per feature what the values are instead. What is accepted goes under "limit".',
    },
  );
}
