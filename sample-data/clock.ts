/** Instants and durations of the sample in whole microseconds, as numbers: all lie below 2^53. */
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The first event lies at or after this instant, the last before END. */
export const BEGIN = Date.UTC(2025, 0, 15) * 1000;
export const END = Date.UTC(2025, 2, 16) * 1000;
export const DAYS = (END - BEGIN) / DAY;

/** The labelled starts lie in the last two weeks, so that a 30 day window before each is full. */
export const STARTS_BEGIN = END - 14 * DAY;
