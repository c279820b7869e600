import type { OracleEvent } from '../oracle/definition';
import { identity } from '../oracle/value';

/**
 * Ends every entity's intervals where the next one begins, so that none overlap. One that ends before it begins covers
 * nothing and stays as it is; rows without a key or a beginning belong to nobody's history.
 */
export function withoutOverlaps<Event extends OracleEvent>(events: readonly Event[]): Event[] {
  const histories = new Map<string, Event[]>();
  for (const event of events) {
    if (event.at === null || event.keys.includes(null)) continue;
    const entity = event.keys.map(identity).join(' ');
    histories.set(entity, [...(histories.get(entity) ?? []), event]);
  }
  const ends = new Map<Event, bigint>();
  for (const history of histories.values()) {
    const sorted = [...history].sort((a, b) => (a.at === b.at ? a.order - b.order : a.at! < b.at! ? -1 : 1));
    for (const [index, event] of sorted.entries()) {
      const next = sorted[index + 1];
      if (next && (event.until === null || event.until > next.at!)) ends.set(event, next.at!);
    }
  }
  return events.map((event) => ({ ...event, until: ends.get(event) ?? event.until }));
}
