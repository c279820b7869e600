import { groupBy, type ItemDay, type UserDay } from './daily';
import type { Interaction, Start } from './interactions';
import { Production } from './serving-log';

/** A row of the training file that another team made with a script of its own. */
export interface TheirRow {
  user: bigint | null;
  item: bigint | null;
  at: number;
  completed: boolean;
  completion_rate: number;
  user_tier: string;
  user_sessions_30d: number;
  user_avg_rating: number | null;
  item_7d_completion_rate: number | null;
  item_1d_views: number;
}

/** Every such start is in the file. */
const STEP = 4;
/** Every such rating was rounded by hand. */
const ROUNDED = 40;

/**
 * Every fourth start with six features, of which four are not what the notebook defines:
 *
 * - `completion_rate` counts events at exactly `t`, which tell the label;
 * - `user_tier` is the user's latest tier, whatever the time of the start: a naive join;
 * - `user_sessions_30d` comes from a copy of the table that is a day old;
 * - `user_avg_rating` is rounded to a whole number in one row of forty.
 */
export function makeTheirTraining(
  starts: readonly Start[],
  interactions: Interaction[],
  userDays: UserDay[],
  itemDays: ItemDay[],
): TheirRow[] {
  const right = new Production(interactions, userDays, itemDays, false);
  const quirky = new Production(interactions, userDays, itemDays);
  const latest = new Map(
    [...groupBy(userDays, (row) => row.user)].map(([user, rows]) => [user, newest(rows)]),
  );
  return starts
    .filter((_, index) => index % STEP === 0)
    .map((start, index) => {
      const defined = right.answer(start);
      const made = quirky.answer(start);
      const tier = start.user === null ? undefined : latest.get(start.user)?.tier;
      const rating = defined.user_avg_rating;
      return {
        user: start.user,
        item: start.item,
        at: start.at,
        completed: start.completed,
        completion_rate: made.user_7d_completion_rate,
        user_tier: tier ?? 'free',
        user_sessions_30d: made.user_sessions_30d,
        user_avg_rating: rating !== null && index % ROUNDED === 0 ? Math.round(rating) : rating,
        item_7d_completion_rate: defined.item_7d_completion_rate,
        item_1d_views: defined.item_1d_views,
      };
    });
}

function newest(rows: readonly UserDay[]): UserDay | undefined {
  return rows.reduce<UserDay | undefined>(
    (best, row) =>
      best && (best.at > row.at || (best.at === row.at && best.created > row.created)) ? best : row,
    undefined,
  );
}
