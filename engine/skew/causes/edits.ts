import { printDuration } from '../../catalog/duration';
import { isRounded } from '../../catalog/window';
import { constantProblem, isNumberType } from '../../catalog/feature-type';
import type { CauseEdit, CausePart } from './attribution';
import { hypothesisOf } from './reading';
import { computedOf, type Subject } from './subject';

const SECOND = 1_000_000n;

/**
 * What to change so that the definition says what serving does: all of these together; null where no definition says
 * it.
 */
export function editsOf(subject: Subject, parts: readonly CausePart[]): CauseEdit[] | null {
  const hypothesis = hypothesisOf(subject, parts);
  if (hypothesis === null) return null;
  const { reading, finish } = hypothesis;
  const edits: CauseEdit[] = [];
  const { compiled, feature, view } = subject;
  const own = computedOf(subject);
  const at = (...keys: string[]): string[] => ['features', feature.name, ...keys];
  const set = (path: string[], value: string | number | bigint | boolean): void => {
    edits.push({ cell: view, path, value, label: `Set "${path.at(-1)}: ${String(value)}"` });
  };
  if (reading.dropped || reading.later !== 0n || reading.floor !== null) return null;
  if (own?.window && reading.window) {
    const { length, boundary, offset } = own.window;
    const next = reading.window;
    // What a window is moved by is an offset, unless its edges are rounded before.
    const moved = next.offset + reading.back;
    const byRows = reading.back !== 0n && compiled?.availability && !reading.late;
    if (byRows || (next.shift ?? 0n) !== 0n || moved < 0n) return null;
    if (next.length % SECOND !== 0n || next.length < SECOND || moved % SECOND !== 0n) return null;
    if (next.boundary === 'calendar-day' && isRounded(next) && next.length < SECOND) return null;
    if (next.boundary !== boundary) set(at('boundary'), next.boundary);
    if (next.length !== length) set(at('window'), printDuration(next.length));
    if (moved !== offset) set(at('offset'), printDuration(moved));
  } else if (reading.back !== 0n) return null;
  if (reading.late && compiled)
    edits.push({
      cell: compiled.view.source,
      path: ['available_at'],
      remove: true,
      label: 'Remove "available_at" of the source',
    });
  if (reading.ignoreTtl) {
    if (compiled?.view.kind === 'dimension') return null;
    edits.push({ cell: view, path: ['ttl'], remove: true, label: 'Remove "ttl"' });
  }
  if (reading.ties === 'first') return null;
  if (reading.ties === 'last')
    edits.push({
      cell: view,
      path: ['created_timestamp'],
      remove: true,
      label: 'Remove "created_timestamp"',
    });
  if (reading.counted && own) {
    const [only, other] = own.aggregations;
    if (only === undefined || other !== undefined) return null;
    edits.push({ cell: view, path: at(only.fn), rename: 'count', label: `Change "${only.fn}" to "count"` });
  }
  const [stand] = parts.filter((part) => part.kind === 'default');
  if (stand?.gives === 'null')
    edits.push({ cell: view, path: at('default'), remove: true, label: 'Remove "default"' });
  if (stand?.gives === 'constant') {
    const value = constantOf(subject, stand.value);
    if (value === null) return null;
    set(at('default'), value);
  }
  if (finish.cast === 'truncated') return null;
  if (finish.cast === 'float32') set(at('type'), 'float32');
  if (finish.cast === 'rounded') set(at('type'), 'int64');
  return edits;
}

function constantOf({ feature }: Subject, text: string): string | number | boolean | null {
  const value = isNumberType(feature.type) ? Number(text) : feature.type === 'bool' ? text === 'true' : text;
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  return constantProblem(value, feature.type) === null ? value : null;
}

/** What to do in serving, where no definition says what it does. */
export function hintOf(parts: readonly CausePart[]): string {
  return parts.map(remedy).join(' ');
}

function remedy(part: CausePart): string {
  switch (part.kind) {
    case 'boundary':
      return 'Let serving use the same edges.';
    case 'length':
      return 'Let serving use the same length.';
    case 'zone':
      return 'Let serving read event times as UTC.';
    case 'days':
      return 'Let serving begin its days at midnight UTC.';
    case 'stale':
    case 'refresh':
      return 'Refresh the copy more often, or name in the source the column that says when the copy has a row ("available_at"): then training waits for it too.';
    case 'late':
      return 'Let serving count what was known at the time of the request only.';
    case 'ttl':
      return 'Let serving drop what has expired.';
    case 'ties':
      return 'Let serving take of several rows of one time the one that the definition takes, or load one row a time.';
    case 'duplicates':
      return part.are === 'dropped'
        ? 'Remove duplicates from the source, or let serving keep them.'
        : 'Let serving count different values.';
    case 'default':
      return 'Let serving apply the default of the definition.';
    case 'cast':
      return 'Let serving keep the value as the definition types it.';
  }
}
