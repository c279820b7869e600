import { printDuration } from '../catalog/duration';
import { hopOf, type TimeWindow } from '../catalog/window';
import type { CompiledView } from '../sql/compiled-view';

/** Where the rows of a view's first feature can count, in terms of t: `[t-7d, t)`, `(.., t]` without a ttl. */
export function windowText({ view, features }: CompiledView): string {
  const { window } = features[0]!;
  if (view.validity !== null) return `${view.validity.from} <= t < ${view.validity.to}`;
  if (window === null) return view.ttl === null ? '(.., t]' : `[${back(view.ttl)}, t]`;
  return (
    edgesText(window) +
    (window.session === undefined ? '' : `, open session (${printDuration(window.session)})`)
  );
}

function edgesText({ length, offset, boundary }: TimeWindow): string {
  const [from, to] = [back(offset + length), back(offset)];
  switch (boundary) {
    case 'half-open':
      return `[${from}, ${to})`;
    case 'closed':
      return `[${from}, ${to}]`;
    case 'open-closed':
      return `(${from}, ${to}]`;
    case 'sawtooth':
      return `[${from} rounded down to ${printDuration(hopOf(length))}, ${to})`;
    case 'calendar-day':
      return `[day of ${to} - ${printDuration(length)}, day of ${to})`;
  }
}

function back(microseconds: bigint): string {
  return microseconds === 0n ? 't' : `t-${printDuration(microseconds)}`;
}
