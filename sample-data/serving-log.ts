import { DAY, HOUR, SECOND } from './clock';
import { groupBy, type ItemDay, type UserDay } from './daily';
import type { Interaction, Start } from './interactions';
import type { Random } from './random';

/** What production answered to one request: the keys, the time and the features as it computed them. */
export interface ServedRow {
  user: bigint | null;
  item: bigint | null;
  at: number;
  user_7d_completion_rate: number;
  user_30d_avg_session_min: number | null;
  user_30d_min_per_session: number | null;
  user_1h_events: number;
  user_7d_items: number;
  user_last_category: string | null;
  user_tier: string;
  user_sessions_30d: number;
  user_avg_rating: number | null;
  item_7d_completion_rate: number | null;
  item_views_1d: number | null;
  item_1d_views: number;
  item_7d_viewers: number;
}

const TTL = 2 * DAY;

/**
 * The features as a second team wrote them for production, in plain loops that share nothing with the engine. With
 * `quirks` they differ from the notebook's definitions in four known ways, and agree to the bit in every other
 * feature; without, they are what the definitions say:
 *
 * - `user_7d_completion_rate`: the window is closed, `[t - 7d, t]`, and so counts events at exactly `t`, which are
 *   those of the start that is to be predicted.
 * - `user_7d_items`: event times are read as local time of UTC+5 and so seem five hours later than they were; the
 *   window is in truth `[t - 7d - 5h, t - 5h)`.
 * - `user_sessions_30d`: the table is copied with a day's delay; the value is that of `t - 1d`.
 * - `user_last_category`: NULL where the definition has its default, `unknown`.
 */
export class Production {
  private readonly byUser: Map<bigint, Interaction[]>;
  private readonly byItem: Map<bigint, Interaction[]>;
  private readonly userDays: Map<bigint, UserDay[]>;
  private readonly itemDays: Map<bigint, ItemDay[]>;

  constructor(
    interactions: Interaction[],
    userDays: UserDay[],
    itemDays: ItemDay[],
    private readonly quirks = true,
  ) {
    this.byUser = groupBy(interactions, (event) => event.user);
    this.byItem = groupBy(interactions, (event) => event.item);
    this.userDays = groupBy(userDays, (row) => row.user);
    this.itemDays = groupBy(itemDays, (row) => row.item);
  }

  answer(start: Start): ServedRow {
    const { user, item, at } = start;
    const events = user === null ? [] : (this.byUser.get(user) ?? []);
    const plays = item === null ? [] : (this.byItem.get(item) ?? []);
    const during = (from: number, to: number): Interaction[] =>
      events.filter((event) => event.at >= from && event.at < to);
    const month = during(at - 30 * DAY, at);
    const today = user === null ? null : latestUserDay(this.userDays.get(user) ?? [], at);
    const copied = at - (this.quirks ? DAY : 0);
    const copy = user === null ? null : latestUserDay(this.userDays.get(user) ?? [], copied);
    const end = this.quirks ? at + 1 : at;
    const shift = this.quirks ? 5 * HOUR : 0;
    const itemDay = item === null ? null : latestItemDay(this.itemDays.get(item) ?? [], at);
    return {
      user,
      item,
      at,
      user_7d_completion_rate: completionRate(during(at - 7 * DAY, end)) ?? 0,
      user_30d_avg_session_min: averageMinutes(month),
      user_30d_min_per_session: minutesPerSession(month),
      user_1h_events: during(at - HOUR, at).length,
      user_7d_items: distinct(during(at - 7 * DAY - shift, at - shift), (event) => event.item),
      user_last_category: lastCategory(during(at - 7 * DAY, at)) ?? (this.quirks ? null : 'unknown'),
      user_tier: today?.tier ?? 'free',
      user_sessions_30d: copy?.sessions30d ?? 0,
      user_avg_rating: today?.rating ?? null,
      item_7d_completion_rate: itemDay?.completionRate ?? null,
      item_views_1d: itemDay?.views1d ?? null,
      item_1d_views: plays.filter((e) => e.type === 'view' && e.at >= at - DAY && e.at < at).length,
      item_7d_viewers: distinct(
        plays.filter((event) => event.at >= at - 7 * DAY && event.at < at),
        (event) => event.user,
      ),
    };
  }
}

function completionRate(events: Interaction[]): number | null {
  const views = events.filter((event) => event.type === 'view').length;
  return views === 0 ? null : events.filter((event) => event.type === 'completion').length / views;
}

function averageMinutes(events: Interaction[]): number | null {
  const timed = events.flatMap((event) => (event.seconds === null ? [] : [event.seconds / 60]));
  return timed.length === 0 ? null : timed.reduce((sum, minutes) => sum + minutes, 0) / timed.length;
}

function minutesPerSession(events: Interaction[]): number | null {
  const seconds = events.flatMap((event) => (event.seconds === null ? [] : [event.seconds]));
  if (seconds.length === 0) return null;
  const total = seconds.reduce((sum, value) => sum + value, 0);
  return total / 60 / distinct(events, (event) => event.session);
}

function distinct<T>(events: Interaction[], of: (event: Interaction) => T): number {
  return new Set(events.map(of)).size;
}

/** Of events at the same time the last in file order wins. */
function lastCategory(events: Interaction[]): string | null {
  let last: Interaction | null = null;
  for (const event of events) if (last === null || event.at >= last.at) last = event;
  return last?.category ?? null;
}

function latestUserDay(rows: UserDay[], at: number): UserDay | null {
  let latest: UserDay | null = null;
  for (const row of rows) {
    if (row.at > at || row.at < at - TTL) continue;
    if (latest === null || row.at > latest.at || (row.at === latest.at && row.created >= latest.created))
      latest = row;
  }
  return latest;
}

function latestItemDay(rows: ItemDay[], at: number): ItemDay | null {
  let latest: ItemDay | null = null;
  for (const row of rows) if (row.at <= at && (latest === null || row.at >= latest.at)) latest = row;
  return latest;
}

/**
 * The log in order of requests. One start in 100 was never logged; some requests led to no start; a few were
 * logged twice. Starts without a user were never served.
 */
export function makeServingLog(
  starts: Start[],
  interactions: Interaction[],
  userDays: UserDay[],
  itemDays: ItemDay[],
  random: Random,
): ServedRow[] {
  const production = new Production(interactions, userDays, itemDays);
  const rows: ServedRow[] = [];
  const seen = new Set<string>();
  for (const start of starts) {
    const key = `${start.user}/${start.item}/${start.at}`;
    if (start.user === null || seen.has(key) || random.chance(0.01)) continue;
    seen.add(key);
    const row = production.answer(start);
    rows.push(row);
    if (random.chance(0.001)) rows.push({ ...row });
    if (random.chance(0.006))
      rows.push(production.answer({ ...start, at: start.at + random.int(600) * SECOND + 1 }));
  }
  return rows.sort((a, b) => a.at - b.at);
}
