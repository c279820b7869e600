import type { ErrorPlace } from '../../errors';
import { auditLines } from './audit-report';
import { driftLines } from './drift-report';
import { materializeLines } from './materialize-report';
import { skewLines } from './skew-report';
import { replayLines } from './replay-report';
import type { DriftResult } from '../../skew/drift/drift-result';
import {
  wholeFiles,
  type AuditResult,
  type BackfillResult,
  type CellRun,
  type LookupResult,
  type MaterializeResult,
  type SkewResult,
  type ReplayResult,
} from '../../results';

/** One JSON text; bigints within 2^53 as numbers, beyond as strings. */
export function printJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item !== 'bigint') return item;
      const number = Number(item);
      return Number.isSafeInteger(number) ? number : item.toString();
    },
    2,
  );
}

/** `file:line:column: message (code)` and the hint on a line of its own, as editors and CI logs parse it. */
export function errorLines(
  error: { code: string; message: string; hint?: string; place?: ErrorPlace },
  file: string,
): string {
  const place = error.place ?? {};
  const where = [place.file ?? file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const hint = error.hint ? `\n    ${error.hint}` : '';
  return `${where}: ${error.message} [${error.code}]${hint}`;
}

const MARKS = { ok: '✓', failed: '✗', skipped: '-' } as const;

/** A run for people: one line a cell, then what matters of its result, indented. */
export function cellReport(run: CellRun, file: string): string {
  const rows = run.rows === null ? '' : `${run.rows.toLocaleString('en-US')} rows`;
  const head = `${MARKS[run.status]} ${run.name.padEnd(24)} ${run.kind.padEnd(13)} ${rows.padStart(16)} ${`${run.ms} ms`.padStart(10)}`;
  const error = run.error ? errorLines(run.error, file).split('\n') : [];
  return [head, ...error.map((line) => `    ${line}`), ...resultLines(run)].join('\n');
}

function resultLines(run: CellRun): string[] {
  const result = run.result;
  if ('spine_rows' in result) {
    const lines = result.features.map((feature) => {
      const sample = feature.worth?.sample;
      const on = sample === undefined ? '' : ` (on ${sample} rows)`;
      const worth = feature.worth
        ? `  ${feature.worth.metric} ${number(feature.worth.naive)} naive, ${number(feature.worth.point_in_time)} true${on}`
        : '';
      const gaps = `${feature.missing} missing, ${feature.expired} expired, ${feature.null} null`;
      return `    ${feature.ref.padEnd(44)} ${feature.leaking_rows} leak, ${gaps}${worth}`;
    });
    const file = result.file ? [`    wrote ${result.file} (sha256 ${result.sha256 ?? ''})`] : [];
    return [...lines, ...result.warnings.map((warning) => `    ! ${warning}`), ...file];
  }
  if ('rows_not_right' in result) return auditLines(result as AuditResult);
  if ('unmatched' in result) return skewLines(result as SkewResult);
  if ('sweep' in result) return replayLines(result as ReplayResult);
  if ('freshness' in result) return driftLines(result as DriftResult);
  if ('null_overwrites' in result) return materializeLines(result as MaterializeResult);
  if ('partitions' in result) return backfillLines(result as BackfillResult);
  if ('latency_ms' in result) {
    const { latency_ms: latency, budget_ms: budget, calls } = result as LookupResult;
    return [
      latency
        ? `    p50 ${latency.p50.toFixed(2)} ms, p95 ${latency.p95.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms over ${calls} calls, ${latency.p99 > budget ? 'OVER' : 'within'} the budget of ${budget} ms`
        : '    ! rehearsed in memory: no connection was named',
    ];
  }
  return [];
}

const STATES = {
  written: 'written',
  up_to_date: 'up to date',
  to_do: 'to do',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;

/** How many files are in which state; where some are left over, how to go on. */
function backfillLines({ out, partitions, warnings, write }: BackfillResult): string[] {
  const counts = Object.entries(STATES).flatMap(([state, words]) => {
    const count = partitions.filter((partition) => partition.state === state).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const left = partitions.length - wholeFiles(partitions);
  const hint =
    left === 0 ? [] : [write ? '    run it again to go on' : '    nothing was written: add --write'];
  return [
    `    ${partitions.length} files below ${out}: ${counts.join(', ') || 'no instant in the grid'}`,
    ...hint,
    ...warnings.map((warning) => `    ! ${warning}`),
  ];
}

function number(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
