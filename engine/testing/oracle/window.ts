import type { OracleWindow } from './definition';

const MINUTE = 60_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** Where events count, in whole microseconds: `from` belongs, `until` does not. */
export interface Stretch {
  from: bigint;
  until: bigint;
}

/** The window of a row at `t`. */
export function stretchOf({ length, offset, boundary }: OracleWindow, t: bigint): Stretch {
  const end = t - offset;
  switch (boundary) {
    case 'half-open':
      return { from: end - length, until: end };
    case 'closed':
      return { from: end - length, until: end + 1n };
    case 'open-closed':
      return { from: end - length + 1n, until: end + 1n };
    case 'sawtooth':
      return { from: roundDown(end - length, hopOf(length)), until: end };
    case 'calendar-day':
      return { from: roundDown(end, DAY) - length, until: roundDown(end, DAY) };
  }
}

function hopOf(length: bigint): bigint {
  if (length < 12n * HOUR) return 5n * MINUTE;
  return length < 12n * DAY ? HOUR : DAY;
}

/** Towards minus infinity, also before 1970. */
function roundDown(instant: bigint, step: bigint): bigint {
  const beyond = instant % step;
  return instant - (beyond < 0n ? beyond + step : beyond);
}
