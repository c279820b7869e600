import { isoMicroseconds } from '../../catalog/instant';
import type { ColumnInfo } from '../../database/database';
import type { Explanation } from '../../training/explanation';
import { readableRow } from './readable';

/** An explanation as JSON carries it: every instant as ISO 8601 UTC. */
export function explanationJson(
  explanation: Explanation,
  spine: readonly ColumnInfo[],
  source: readonly ColumnInfo[],
) {
  const instant = (at: bigint | null) => (at === null ? null : isoMicroseconds(at));
  return {
    ...explanation,
    spine: readableRow(explanation.spine, spine),
    t: instant(explanation.t),
    window: { from: instant(explanation.window.from), to: instant(explanation.window.to) },
    candidates: explanation.candidates.map((candidate) => ({
      ...candidate,
      at: instant(candidate.at),
      values: readableRow(candidate.values, source),
    })),
  };
}

/** An explanation for a terminal: the value, its window, then the rows nearest to t with the reason for each. */
export function explanationReport(found: ReturnType<typeof explanationJson>): string {
  const edge = found.kind === 'aggregate' ? ')' : ']';
  const from = found.window.from ?? 'the beginning';
  const counts = Object.entries(found.counts).map(([reason, count]) => `${count} ${reason}`);
  const entity = Object.entries(found.entity).map(([name, value]) => `${name} ${String(value)}`);
  const naive = found.naive.leaks ? `${print(found.naive.value)}, from the future` : print(found.naive.value);
  return [
    `${found.ref} = ${print(found.value)} (${found.status}${found.defaulted ? ', the default' : ''})`,
    `${entity.join(', ')} at ${found.t ?? 'no time'}, row ${found.row} of ${found.set}`,
    `window [${from}, ${found.window.to ?? 'no time'}${edge} over ${found.source}`,
    `a naive join gives ${naive}`,
    counts.length > 0 ? `source rows of this entity: ${counts.join(', ')}` : 'no source row of this entity',
    '',
    ...found.candidates.map(
      ({ at, reason, side, values }) =>
        `  ${at ?? 'no time'.padEnd(27)}  ${`${reason}${side ? ` (${side})` : ''}`.padEnd(22)}  ${rowText(values)}`,
    ),
  ].join('\n');
}

function print(value: unknown): string {
  return value === null || value === undefined ? 'NULL' : String(value);
}

function rowText(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${print(value)}`)
    .join(' ');
}
