import { DAY } from './clock';
import { makeItemDays, makeUserDays, type ItemDay, type UserDay } from './daily';
import { Playback, type Interaction, type Start } from './interactions';
import { toParquet, type Column } from './parquet';
import { Random } from './random';
import { makeServingLog, type ServedRow } from './serving-log';
import { makeTheirTraining, type TheirRow } from './their-training';
import { makeItems, makeUsers } from './world';

/** All rows of the sample before they become files. */
export interface Sample {
  interactions: Interaction[];
  starts: Start[];
  userDays: UserDay[];
  itemDays: ItemDay[];
  served: ServedRow[];
  theirs: TheirRow[];
}

/** The same rows on every machine. */
export function makeSample(seed = 20250316): Sample {
  const items = makeItems(new Random(seed + 1));
  const users = makeUsers(new Random(seed + 2));
  const { interactions, starts } = new Playback(users, items, new Random(seed + 3));
  const userDays = makeUserDays(users, interactions, new Random(seed + 4));
  const itemDays = makeItemDays(items, interactions);
  const served = makeServingLog(starts, interactions, userDays, itemDays, new Random(seed + 5));
  const theirs = makeTheirTraining(starts, interactions, userDays, itemDays);
  return { interactions, starts, userDays, itemDays, served, theirs };
}

const int64 = <R>(rows: R[], value: (row: R) => bigint | null): Column => ({
  type: 'int64',
  values: rows.map(value),
});
const text = <R>(rows: R[], value: (row: R) => string | null): Column => ({
  type: 'string',
  values: rows.map(value),
});
const numbers = <R>(
  type: 'int32' | 'float64' | 'timestamp' | 'timestamp-utc' | 'date',
  rows: R[],
  value: (row: R) => number | null,
): Column => ({ type, values: rows.map(value) });

/** Path below the data folder -> bytes of the file. */
export function sampleFiles(sample: Sample): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const { interactions, starts, userDays, itemDays, served, theirs } = sample;
  const months = ['2025-01', '2025-02', '2025-03'];
  for (const month of months) {
    const arrived = interactions.filter((event) => arrivalFile(event, months) === month);
    files.set(`interactions/${month}.parquet`, toParquet(interactionColumns(arrived)));
  }
  files.set('user_daily.parquet', toParquet(userDayColumns(userDays)));
  files.set('item_daily.parquet', toParquet(itemDayColumns(itemDays)));
  files.set('starts.parquet', toParquet(startColumns(starts)));
  files.set('serving_log.parquet', toParquet(servedColumns(served)));
  files.set('their_training.parquet', toParquet(theirColumns(theirs)));
  return files;
}

/** A file holds what arrived in a month; what arrives after the last month is in the last file. */
function arrivalFile(event: Interaction, months: string[]): string | undefined {
  const month = new Date(event.ingested / 1000).toISOString().slice(0, 7);
  return months.includes(month) ? month : months.at(-1);
}

function interactionColumns(rows: Interaction[]): Record<string, Column> {
  return {
    user_id: int64(rows, (event) => event.user),
    item_id: int64(rows, (event) => event.item),
    session_id: text(rows, (event) => event.session),
    event_type: text(rows, (event) => event.type),
    event_timestamp: numbers('timestamp-utc', rows, (event) => event.at),
    ingestion_timestamp: numbers('timestamp-utc', rows, (event) => event.ingested),
    duration_seconds: numbers('float64', rows, (event) => event.seconds),
    category: text(rows, (event) => event.category),
  };
}

function userDayColumns(rows: UserDay[]): Record<string, Column> {
  return {
    user_id: int64(rows, (row) => row.user),
    event_timestamp: numbers('timestamp', rows, (row) => row.at),
    created_at: numbers('timestamp', rows, (row) => row.created),
    tier: text(rows, (row) => row.tier),
    sessions_30d: numbers('int32', rows, (row) => row.sessions30d),
    avg_rating: numbers('float64', rows, (row) => row.rating),
  };
}

function itemDayColumns(rows: ItemDay[]): Record<string, Column> {
  return {
    item_id: int64(rows, (row) => row.item),
    day: numbers('date', rows, (row) => row.at / DAY),
    item_completion_rate: numbers('float64', rows, (row) => row.completionRate),
    item_views_1d: numbers('int32', rows, (row) => row.views1d),
    category: text(rows, (row) => row.category),
  };
}

function startColumns(rows: Start[]): Record<string, Column> {
  return {
    user_id: int64(rows, (start) => start.user),
    item_id: int64(rows, (start) => start.item),
    event_timestamp: numbers('timestamp-utc', rows, (start) => start.at),
    completed: { type: 'bool', values: rows.map((start) => start.completed) },
  };
}

function servedColumns(rows: ServedRow[]): Record<string, Column> {
  return {
    user_id: int64(rows, (row) => row.user),
    item_id: int64(rows, (row) => row.item),
    event_timestamp: numbers('timestamp-utc', rows, (row) => row.at),
    user_7d_completion_rate: numbers('float64', rows, (row) => row.user_7d_completion_rate),
    user_30d_avg_session_min: numbers('float64', rows, (row) => row.user_30d_avg_session_min),
    user_30d_min_per_session: numbers('float64', rows, (row) => row.user_30d_min_per_session),
    user_1h_events: int64(rows, (row) => BigInt(row.user_1h_events)),
    user_7d_items: int64(rows, (row) => BigInt(row.user_7d_items)),
    user_last_category: text(rows, (row) => row.user_last_category),
    user_tier: text(rows, (row) => row.user_tier),
    user_sessions_30d: numbers('int32', rows, (row) => row.user_sessions_30d),
    user_avg_rating: numbers('float64', rows, (row) => row.user_avg_rating),
    item_7d_completion_rate: numbers('float64', rows, (row) => row.item_7d_completion_rate),
    item_views_1d: numbers('int32', rows, (row) => row.item_views_1d),
    item_1d_views: int64(rows, (row) => BigInt(row.item_1d_views)),
    item_7d_viewers: int64(rows, (row) => BigInt(row.item_7d_viewers)),
  };
}

function theirColumns(rows: TheirRow[]): Record<string, Column> {
  return {
    user_id: int64(rows, (row) => row.user),
    item_id: int64(rows, (row) => row.item),
    requested_at: numbers('timestamp-utc', rows, (row) => row.at),
    completed: { type: 'bool', values: rows.map((row) => row.completed) },
    completion_rate: numbers('float64', rows, (row) => row.completion_rate),
    user_tier: text(rows, (row) => row.user_tier),
    user_sessions_30d: numbers('int32', rows, (row) => row.user_sessions_30d),
    user_avg_rating: numbers('float64', rows, (row) => row.user_avg_rating),
    item_7d_completion_rate: numbers('float64', rows, (row) => row.item_7d_completion_rate),
    item_1d_views: int64(rows, (row) => BigInt(row.item_1d_views)),
  };
}
