import { Random } from './random';

/** Microseconds; every instant below is a whole number of them and fits a double. */
export const MINUTE = 60_000_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const START = 1_735_689_600_000_000;
const DAYS = 60;

export interface ServedEvent {
  user: number;
  at: number;
  known: number;
  n: number | null;
  x: number | null;
  word: string | null;
  good: boolean;
}

/** A row of a feature table; of a dimension as well, where `until` (null = open) ends it. */
export interface ServedTableRow {
  user: number;
  at: number;
  until: number | null;
  /** When the row was written; where a view names it, the greatest of those of one time counts. */
  made: number;
  known: number;
  n: number | null;
  x: number | null;
  word: string | null;
  flag: boolean;
}

export interface ServedRequest {
  user: number;
  t: number;
}

/** What a service knows, and what it is asked. */
export interface ServedWorld {
  events: ServedEvent[];
  /** Irregular times. */
  table: ServedTableRow[];
  /** Disjoint stretches. */
  stretches: ServedTableRow[];
  requests: ServedRequest[];
}

const WORDS = ['red', 'green', 'blue', 'grey', 'pink', 'teal'];

/** Some tens of users over two months; events at requests' very times, twice, late and without values among them. */
export function makeWorld(seed: number, size: { users: number; requests: number }): ServedWorld {
  const random = new Random(seed);
  const events: ServedEvent[] = [];
  const table: ServedTableRow[] = [];
  const stretches: ServedTableRow[] = [];
  const requests: ServedRequest[] = [];
  // Some worlds are busy, some are sparse.
  const busy = random.pick([0.7, 2, 5]);
  const instant = (): number => START + random.int(DAYS * 24 * 60) * MINUTE + random.int(60_000_000);
  const values = (): Pick<ServedEvent, 'n' | 'x' | 'word'> => ({
    n: random.chance(0.1) ? null : random.int(20),
    x: random.chance(0.1) ? null : Math.round(random.next() * 1e6) / 997,
    word: random.chance(0.1) ? null : random.pick(WORDS),
  });
  for (let user = 1; user <= size.users; user++) {
    const asked: number[] = [];
    for (let i = 0; i < Math.ceil(size.requests / size.users); i++) asked.push(instant());
    requests.push(...asked.map((t) => ({ user, t })));
    const rate = busy * (0.3 + 2 * random.next());
    for (let i = 0; i < DAYS * rate; i++) {
      // An event at a request, or at the lower edge of its window, is what boundaries are about.
      const at = random.chance(0.15) ? random.pick(asked) - random.pick([0, 0, 0, 7 * DAY, DAY]) : instant();
      const late = random.chance(0.25) ? random.int(3 * 24 * 60) * MINUTE : 0;
      const event = { user, at, known: at + late, ...values(), good: random.chance(0.4) };
      events.push(event);
      if (random.chance(0.08)) events.push({ ...event });
      if (random.chance(0.08)) events.push({ ...event, ...values(), good: random.chance(0.4) });
    }
    let at = START - random.int(5 * 24 * 60) * MINUTE;
    while (at < START + DAYS * DAY) {
      const gap = (1 + random.int(4 * 24 * 60)) * MINUTE;
      const late = random.chance(0.3) ? random.int(2 * 24 * 60) * MINUTE : 0;
      const made = at + random.int(60_000_000);
      const row = { user, at, until: null, made, known: at + late, ...values(), flag: random.chance(0.5) };
      table.push(row);
      if (random.chance(0.15))
        table.push({ ...row, ...values(), made: at + random.int(60_000_000), flag: random.chance(0.5) });
      stretches.push({ ...row, until: random.chance(0.7) ? at + gap : at + Math.floor(gap / 2) });
      if (random.chance(0.3)) asked.forEach((t) => random.chance(0.02) && requests.push({ user, t: t }));
      at += gap;
    }
  }
  // Rows of the table at the very time of a request.
  for (const { user, t } of requests)
    if (random.chance(0.06))
      table.push({ user, at: t, until: null, made: t, known: t, ...values(), flag: random.chance(0.5) });
  return { events: shuffled(events, random), table: shuffled(table, random), stretches, requests };
}

function shuffled<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
