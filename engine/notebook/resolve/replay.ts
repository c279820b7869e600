import { parseDuration } from '../../catalog/duration';
import { parseInstant } from '../../catalog/instant';
import type { Replay } from '../../catalog/model';
import { DAY, HOUR, MINUTE } from '../../catalog/window';
import { valueOf } from '../definition';
import type { DefinedCell, Scope } from './scope';

/** The delays of a sweep where the cell names none. */
const SWEEP = [0n, MINUTE, 5n * MINUTE, 15n * MINUTE, HOUR, 6n * HOUR, DAY];

export function resolveReplay(scope: Scope, cell: DefinedCell): void {
  const written = valueOf(cell.definition, 'replay');
  if (written === null) return;
  const view = scope.need(cell, ['view'], 'view', written.view, scope.catalog.views);
  if (view === undefined) return;
  if (!view.stream) {
    const hint = `Add \`stream: <source>\` to the cell \`${view.name}\`: the log of its events.`;
    scope.error(cell, ['view'], 'notebook.schema', `\`${view.name}\` has no stream.`, hint);
    return;
  }
  const end = written.end === 'max' ? 'max' : parseInstant(written.end);
  const delay = parseDuration(written.delay ?? '0s');
  const sweep = (written.sweep ?? []).map(parseDuration).filter((one) => one !== null);
  if (end === null || delay === null) return;
  scope.catalog.replays.set(cell.block.name, {
    name: cell.block.name,
    view: view.name,
    delay,
    end,
    speed: written.speed ?? 'max',
    sweep: ascending(written.sweep === undefined ? SWEEP : sweep),
  } satisfies Replay);
}

function ascending(delays: readonly bigint[]): bigint[] {
  return [...new Set(delays)].sort((a, b) => (a < b ? -1 : 1));
}
