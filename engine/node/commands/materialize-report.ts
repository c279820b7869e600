import type { MaterializeFinding, MaterializeResult } from '../../results';

const KINDS: Record<MaterializeFinding['kind'], string> = {
  null_overwrite: 'NULL over',
  int_mismatch: 'stored as',
  orphan_field: 'removed feature',
  unknown_field: 'unknown field',
};

/** What a materialize cell did or would do, in lines for people. */
export function materializeLines(result: MaterializeResult): string[] {
  const verb = result.written ? `written, ${verifiedWords(result)}` : 'dry run';
  const replaced = result.replaced > 0 ? `${result.replaced} replaced, ` : '';
  return [
    `    ${verb}: ${result.entities} entities, ${result.added} added, ${result.changed} changed, ${replaced}` +
      `${result.skipped_older} older, ${result.skipped_equal} equal, ${result.null_overwrites} NULL over a value, ${result.bytes} bytes`,
    ...notes(result).map((note) => `    ! ${note}`),
    ...result.findings.map(({ kind, view, entity, what }) => {
      const keys = Object.entries(entity).map(([key, value]) => `${key} ${value}`);
      return `      ${keys.join(', ')} in ${view}: ${KINDS[kind]} ${what.join(', ')}`;
    }),
    ...(result.written && result.receipt
      ? [`    receipt ${result.receipt.run}, plan ${result.receipt.digest}`]
      : []),
  ];
}

function verifiedWords(result: MaterializeResult): string {
  const { verified, read_back, overtaken, added, changed, replaced } = result;
  if (!verified) return 'NOT verified';
  const written = added + changed + replaced;
  const how = read_back < written ? `verified by a sample of ${read_back}` : 'verified';
  return overtaken > 0 ? `${how} (${overtaken} overtaken by newer values of another writer)` : how;
}

function notes(result: MaterializeResult): string[] {
  const { interrupted, older_by_ms: older, int_mismatch, written } = result;
  const found: string[] = [];
  if (result.store === 'memory') found.push('rehearsed in memory: no connection was named');
  if (older)
    found.push(
      `the store is newer by ${seconds(older.min)} to ${seconds(older.max)} (median ${seconds(older.median)})`,
    );
  if (result.equal_differs > 0)
    found.push(
      `${result.equal_differs} stored values differ at the same event time and stay: replace: equal writes them`,
    );
  if (int_mismatch.found > 0)
    found.push(
      `${int_mismatch.found} of ${int_mismatch.checked} entities checked are stored under the other integer type`,
    );
  if (result.orphan_fields > 0)
    found.push(`${result.orphan_fields} fields of removed features are in the hashes`);
  if (result.unknown_fields > 0) found.push(`${result.unknown_fields} unknown fields are in the hashes`);
  if (interrupted && !written)
    found.push(
      `a write of ${interrupted.startedAt} stopped after ${interrupted.acknowledged} of ${interrupted.rows} rows; ` +
        (interrupted.same_plan
          ? '--write goes on with it'
          : 'it was of something else: --write --drop-journal'),
    );
  return found;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toLocaleString('en-US')} s`;
