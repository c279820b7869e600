import { BEGIN, DAY, DAYS, HOUR, SECOND } from './clock';
import type { Interaction } from './interactions';
import type { Random } from './random';
import type { Item, User } from './world';

/** One row of a table that another team computes once a day: what was known of a user at midnight. */
export interface UserDay {
  user: bigint;
  at: number;
  created: number;
  tier: string;
  sessions30d: number;
  rating: number | null;
}

export interface ItemDay {
  item: bigint;
  /** Midnight. */
  at: number;
  completionRate: number | null;
  views1d: number;
  category: string;
}

const FIRST_DAY = DAYS - 34;
const TIERS = ['free', 'plus', 'premium'] as const;

export function groupBy<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/**
 * One row per user and day, in random order within a day. One row in 50 was corrected: the same event time again,
 * created later, and the correction may stand before the row that it corrects. Users drop out for 3 to 8 days.
 */
export function makeUserDays(users: User[], interactions: Interaction[], random: Random): UserDay[] {
  const sessions = groupBy(interactions, (event) => event.user);
  const rows: UserDay[] = [];
  const states = users.map((user) => ({
    user,
    tier: random.chance(0.6) ? 0 : 1 + random.int(2),
    away: 0,
    rated: random.chance(0.85),
  }));
  for (let day = FIRST_DAY; day <= DAYS; day++) {
    const at = BEGIN + day * DAY;
    for (const state of states) {
      if (random.chance(0.01)) state.tier = random.int(3);
      if (state.away > 0) state.away--;
      else if (random.chance(0.015)) state.away = 3 + random.int(6);
      if (state.away > 0 || day < state.user.joined) continue;
      const patience = state.user.patience[Math.max(0, day - 1)] ?? 0.5;
      const rating =
        Math.round((1 + 4 * Math.min(1, Math.max(0, patience + random.bell() * 0.9))) * 100) / 100;
      const row: UserDay = {
        user: state.user.id,
        at,
        created: at + 2 * HOUR + random.int(7_200) * SECOND,
        tier: TIERS[state.tier] ?? 'free',
        sessions30d: countSessions(sessions.get(state.user.id) ?? [], at),
        rating: state.rated && !random.chance(0.04) ? rating : null,
      };
      rows.push(row);
      if (random.chance(0.02)) addCorrection(rows, row, random);
    }
  }
  return rows;
}

function addCorrection(rows: UserDay[], wrong: UserDay, random: Random): void {
  const right = {
    ...wrong,
    created: wrong.created + (1 + random.int(5)) * HOUR,
    sessions30d: wrong.sessions30d + 1 + random.int(3),
    tier: random.pick(TIERS),
  };
  if (random.chance(0.5)) rows.push(right);
  else rows.splice(rows.length - 1, 0, right);
}

function countSessions(events: Interaction[], at: number): number {
  const seen = new Set<string>();
  for (const event of events) if (event.at >= at - 30 * DAY && event.at < at) seen.add(event.session);
  return seen.size;
}

/** One row per item and day: completions per view of the seven days before, and the views of the day before. */
export function makeItemDays(items: Item[], interactions: Interaction[]): ItemDay[] {
  const views = tally(interactions, 'view');
  const completions = tally(interactions, 'completion');
  const rows: ItemDay[] = [];
  for (let day = FIRST_DAY; day <= DAYS; day++)
    for (const item of items) {
      const seen = sumDays(views.get(item.id), day - 7, day);
      rows.push({
        item: item.id,
        at: BEGIN + day * DAY,
        completionRate: seen === 0 ? null : sumDays(completions.get(item.id), day - 7, day) / seen,
        views1d: sumDays(views.get(item.id), day - 1, day),
        category: item.category,
      });
    }
  return rows;
}

/** Events of one type per item and day of the sample. */
function tally(interactions: Interaction[], type: string): Map<bigint, number[]> {
  const counts = new Map<bigint, number[]>();
  for (const event of interactions) {
    if (event.type !== type) continue;
    const days = counts.get(event.item) ?? new Array<number>(DAYS).fill(0);
    const day = Math.floor((event.at - BEGIN) / DAY);
    days[day] = (days[day] ?? 0) + 1;
    counts.set(event.item, days);
  }
  return counts;
}

function sumDays(days: number[] | undefined, from: number, to: number): number {
  let sum = 0;
  for (let day = Math.max(0, from); day < to; day++) sum += days?.[day] ?? 0;
  return sum;
}
