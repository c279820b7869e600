import type { MaterializeResult } from '../../engine/results';
import { formatAge, formatBytes, formatCount } from '../app/format';

interface Row {
  key: string;
  label: string;
  value: number;
  /** Said beside the number. */
  note?: string;
  /** Whether a number above zero asks for a look. */
  warns?: boolean;
  /** Whether it is left out at zero. */
  rare?: boolean;
}

function rowsOf(result: MaterializeResult): Row[] {
  const { older_by_ms: older, int_mismatch: twins } = result;
  const by =
    older && `newer by ${formatAge(older.min)} to ${formatAge(older.max)}, median ${formatAge(older.median)}`;
  const corrections = 'replace: equal would write them';
  return [
    { key: 'added', label: 'added', value: result.added },
    { key: 'changed', label: 'changed', value: result.changed },
    { key: 'replaced', label: 'replaced, same event time', value: result.replaced, rare: true },
    { key: 'skipped_older', label: 'skipped, not newer', value: result.skipped_older, note: by ?? undefined },
    { key: 'skipped_equal', label: 'skipped, equal', value: result.skipped_equal },
    {
      key: 'equal_differs',
      label: 'of these, other values',
      value: result.equal_differs,
      note: corrections,
      warns: true,
      rare: true,
    },
    { key: 'null_overwrites', label: 'NULL over a value', value: result.null_overwrites, warns: true },
    {
      key: 'int_mismatch',
      label: 'stored under the other int type',
      value: twins.found,
      note: `of ${formatCount(twins.checked)} added that were checked`,
      warns: true,
      rare: true,
    },
    {
      key: 'orphan_fields',
      label: 'fields of removed features',
      value: result.orphan_fields,
      note: 'they stay in the hashes',
      warns: true,
      rare: true,
    },
    { key: 'unknown_fields', label: 'unknown fields', value: result.unknown_fields, rare: true },
    {
      key: 'null_keys',
      label: 'left out, a join key is NULL',
      value: result.null_keys ?? 0,
      warns: true,
      rare: true,
    },
  ];
}

/** What a write does to how many entity-view pairs, and what else the dry run found in their hashes. */
export function MaterializeCounts({ cell, result }: { cell: string; result: MaterializeResult }) {
  return (
    <table className="table" style={{ maxWidth: 560 }} data-testid={`cell-${cell}-counts`}>
      <tbody>
        {rowsOf(result)
          .filter(({ rare, value }) => !rare || value > 0)
          .map(({ key, label, value, note, warns }) => (
            <tr key={key} className={warns && value > 0 ? 'warn' : undefined}>
              <td>{label}</td>
              <td className="right" data-count={key}>
                {formatCount(value)}
              </td>
              <td className="dim">{value > 0 ? note : undefined}</td>
            </tr>
          ))}
        {result.bytes > 0 && (
          <tr>
            <td>{result.written ? 'sent' : 'to be sent'}</td>
            <td className="right">{formatBytes(result.bytes)}</td>
            <td />
          </tr>
        )}
      </tbody>
    </table>
  );
}
