import type { OracleEvent, OracleView } from './definition';
import { oracleRow } from './oracle';
import { newestOf, rowAt } from './row-view';
import { identity, type OracleValue } from './value';

export interface OracleSnapshotRow {
  keys: OracleValue[];
  /** Microseconds. */
  eventTime: bigint;
  /** Before the default. */
  values: OracleValue[];
}

/** Every entity with a source row that is there at `end`: what a spine row (entity, end) gets before the default. */
export function oracleSnapshot(
  view: OracleView,
  events: readonly OracleEvent[],
  end: bigint,
): OracleSnapshotRow[] {
  const there = events.filter(
    ({ keys, at, available }) =>
      !keys.includes(null) &&
      at !== null &&
      at <= end &&
      (!view.late || (available !== null && available <= end)),
  );
  const entities = new Map<string, OracleEvent[]>();
  for (const event of there) {
    const key = event.keys.map(identity).join(' ');
    entities.set(key, [...(entities.get(key) ?? []), event]);
  }
  return [...entities.values()].map((own) => {
    const keys = own[0]!.keys;
    const values = oracleRow(view, events, { keys, t: end }).map(({ raw }) => raw);
    return { keys, eventTime: eventTimeOf(view, own, end), values };
  });
}

/** An aggregate's time is that of the snapshot, another view's that of the row that holds, else of the newest one. */
function eventTimeOf(view: OracleView, own: readonly OracleEvent[], end: bigint): bigint {
  if (view.kind === 'aggregate') return end;
  return (rowAt(view, own, end).row ?? newestOf(view, own)!).at!;
}
