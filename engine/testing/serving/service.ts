import { DAY, HOUR, MINUTE, type ServedEvent, type ServedTableRow, type ServedWorld } from './world';

/** A value as a service answers it; lists of text as an array. */
export type Served = number | string | boolean | null | (string | null)[];

/** A feature as a service is told to compute it, and what it makes of the events of a window. */
export interface ServedWindow {
  name: string;
  length: number;
  boundary: string;
  /** Which events belong. */
  where?: (event: ServedEvent) => boolean;
  /** Events in order of time, then of file. `counted`: equal values count each time. */
  of: (events: ServedEvent[], counted: boolean) => Served;
  default: Served;
  /** Whether events wait until they are known. */
  waits: boolean;
}

export interface ServedColumn {
  name: string;
  of: (row: ServedTableRow) => Served;
  ttl: number | null;
  default: Served;
  waits: boolean;
  /** Whether of rows of one time the one that was made last counts, not the last in the files. */
  byMade: boolean;
  /** Rows that hold from one instant to another. */
  stretches: boolean;
}

/** The mistakes of a service, one in each respect. Absent: none. */
export interface Mistakes {
  boundary?: string;
  length?: number;
  zone?: number;
  days?: number;
  back?: number;
  floor?: number;
  late?: boolean;
  ttl?: boolean;
  /** Which row of one time counts, by place in the files alone. */
  ties?: string;
  counted?: boolean;
  dropped?: boolean;
  /** What is given where nothing is known. */
  stand?: { value: Served };
  cast?: string;
}

/** The mistakes that ids such as `boundary:closed` or `zone:+5h` name. */
export function mistakesOf(ids: readonly string[]): Mistakes {
  const mistakes: Mistakes = {};
  for (const id of ids) {
    const at = id.indexOf(':');
    const [what, how] = at < 0 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)];
    if (what === 'boundary') mistakes.boundary = how;
    if (what === 'length')
      mistakes.length = how.startsWith('x1/') ? 1 / Number(how.slice(3)) : Number(how.slice(1));
    if (what === 'zone') mistakes.zone = parseFloat(how) * HOUR;
    if (what === 'days') mistakes.days = parseFloat(how) * HOUR;
    if (what === 'stale') mistakes.back = duration(how);
    if (what === 'refresh') mistakes.floor = duration(how);
    if (what === 'late') mistakes.late = true;
    if (what === 'ttl') mistakes.ttl = true;
    if (what === 'ties') mistakes.ties = how;
    if (what === 'duplicates' && how === 'counted') mistakes.counted = true;
    if (what === 'duplicates' && how === 'dropped') mistakes.dropped = true;
    if (what === 'default') mistakes.stand = { value: how === 'null' ? null : readValue(how) };
    if (what === 'cast') mistakes.cast = how;
  }
  return mistakes;
}

function readValue(text: string): Served {
  return text === 'true' ? true : text === 'false' ? false : Number.isNaN(Number(text)) ? text : Number(text);
}

function duration(text: string): number {
  return parseInt(text, 10) * (text.endsWith('d') ? DAY : HOUR);
}

/** Plain loops over everything that one user did: what semantics.md says, and what it does not say where mistaken. */
export class Service {
  private readonly byUser = new Map<number, { events: ServedEvent[]; once: ServedEvent[] }>();
  private readonly tableOf = new Map<number, ServedTableRow[]>();
  private readonly stretchesOf = new Map<number, ServedTableRow[]>();

  constructor(world: ServedWorld) {
    const seen = new Set<string>();
    for (const event of world.events) {
      const own = this.byUser.get(event.user) ?? { events: [], once: [] };
      this.byUser.set(event.user, own);
      own.events.push(event);
      const { user, at, n, x, word, good } = event;
      const key = JSON.stringify([user, at, n, x, word, good]);
      if (!seen.has(key)) own.once.push(event);
      seen.add(key);
    }
    // Of equal events the first place and the first time of being known count.
    for (const row of world.table) this.tableOf.set(row.user, [...(this.tableOf.get(row.user) ?? []), row]);
    for (const row of world.stretches)
      this.stretchesOf.set(row.user, [...(this.stretchesOf.get(row.user) ?? []), row]);
  }

  window(feature: ServedWindow, user: number, t: number, mistakes: Mistakes = {}): Served {
    const own = this.byUser.get(user) ?? { events: [], once: [] };
    const now = instantOf(t, mistakes);
    const length = Math.floor(feature.length * (mistakes.length ?? 1));
    const [from, until] = edges(mistakes.boundary ?? feature.boundary, length, now, mistakes.days ?? 0);
    const inside = (mistakes.dropped ? own.once : own.events)
      .filter((event) => {
        const at = event.at + (mistakes.zone ?? 0);
        return at >= from && at < until && (!feature.waits || mistakes.late === true || event.known <= now);
      })
      .map((event, place) => ({ event, place }))
      .sort((a, b) => a.event.at - b.event.at || (a.place - b.place) * (mistakes.ties === 'first' ? -1 : 1))
      .map(({ event }) => event);
    const counting = feature.where ? inside.filter(feature.where) : inside;
    return finish(feature.of(counting, mistakes.counted === true), feature.default, mistakes);
  }

  column(feature: ServedColumn, user: number, t: number, mistakes: Mistakes = {}): Served {
    const now = instantOf(t, mistakes);
    const zone = mistakes.zone ?? 0;
    const rows = (feature.stretches ? this.stretchesOf : this.tableOf).get(user) ?? [];
    const replaces = (row: ServedTableRow, best: ServedTableRow): boolean => {
      if (mistakes.ties === 'first') return false;
      return mistakes.ties === 'last' || !feature.byMade || row.made >= best.made;
    };
    const strict = mistakes.boundary === 'strict';
    let best: ServedTableRow | null = null;
    for (const row of rows) {
      const at = row.at + zone;
      if (strict ? at >= now : at > now) continue;
      if (feature.waits && mistakes.late !== true && row.known > now) continue;
      if (feature.stretches && !mistakes.ttl && row.until !== null)
        if (strict ? row.until + zone < now : row.until + zone <= now) continue;
      if (feature.ttl !== null && !mistakes.ttl && at < now - feature.ttl - (strict ? 1 : 0)) continue;
      if (best === null || row.at > best.at || (row.at === best.at && replaces(row, best))) best = row;
    }
    return finish(best === null ? null : feature.of(best), feature.default, mistakes);
  }
}

function instantOf(t: number, { floor, back }: Mistakes): number {
  return (floor === undefined ? t : roundDown(t, floor)) - (back ?? 0);
}

/** The first instant that counts and the first that does not; `days`: how far ahead local midnight is. */
function edges(boundary: string, length: number, t: number, days: number): [number, number] {
  const hop = length < 12 * HOUR ? 5 * MINUTE : length < 12 * DAY ? HOUR : DAY;
  switch (boundary) {
    case 'closed':
      return [t - length, t + 1];
    case 'open-closed':
      return [t - length + 1, t + 1];
    case 'sawtooth':
      return [roundDown(t + days - length, hop) - days, t];
    case 'calendar-day': {
      const midnight = roundDown(t + days, DAY) - days;
      return [midnight - length, midnight];
    }
    default:
      return [t - length, t];
  }
}

function roundDown(x: number, step: number): number {
  return Math.floor(x / step) * step;
}

function finish(raw: Served, stand: Served, { stand: other, cast }: Mistakes): Served {
  const value = raw ?? (other ? other.value : stand);
  if (typeof value !== 'number') return value;
  if (cast === 'float32') return Math.fround(value);
  if (cast === 'truncated') return Math.trunc(value);
  if (cast === 'rounded') return value < 0 ? -Math.round(-value) : Math.round(value);
  return value;
}
