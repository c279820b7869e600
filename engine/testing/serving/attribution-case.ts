import type { Database } from '../../database/database';
import type { Attribution } from '../../skew/causes/attribution';
import { attribute } from '../../skew/causes/attribute';
import { servedCatalog, type ServedFeature } from './features';
import { differ, kindOf, loadLog, TOLERANCE } from './log';
import { type Mistakes, mistakesOf, type Served, type Service } from './service';
import type { ServedWorld } from './world';
import { Random } from './random';

/** How an attribution did: `tie`: another cause was named that gives the same values at every row. */
export type Outcome = 'right' | 'tie' | 'wrong' | 'unnamed' | 'too few' | 'flat';

export interface Judged {
  outcome: Outcome;
  attribution: Attribution | null;
}

const CATALOG = servedCatalog();

export function answers(
  service: Service,
  world: ServedWorld,
  feature: ServedFeature,
  mistakes: Mistakes,
): Served[] {
  return world.requests.map(({ user, t }) =>
    feature.window
      ? service.window(feature.window, user, t, mistakes)
      : service.column(feature.column!, user, t, mistakes),
  );
}

/** Cases are asked where so many rows are mistaken, as a share of all. */
const LEAST = 0.015;
/** And where each of two mistakes is needed in so many of the mistaken rows: with less, one alone is named. */
const NEEDED = 0.06;
/** And where the service does not answer the same almost everywhere, which tells nothing. */
const FLAT = 0.95;

/** Serves a feature with mistakes, in `noise` of the rows with another value, and asks for the cause. */
export async function tryMistakes(
  db: Database,
  service: Service,
  world: ServedWorld,
  feature: ServedFeature,
  ids: readonly string[],
  options: { noise: number; seed: number; either?: boolean },
): Promise<Judged> {
  const random = new Random(options.seed);
  const left = answers(service, world, feature, {});
  const alone = ids.map((id) => answers(service, world, feature, mistakesOf([id])));
  const sides = options.either ? world.requests.map(() => random.int(ids.length)) : null;
  const clean = sides
    ? left.map((_, row) => alone[sides[row]!]![row]!)
    : answers(service, world, feature, mistakesOf(ids));
  const count = (values: Served[], others: Served[]): number =>
    values.filter((value, row) => differ(value, others[row]!)).length;
  const mistaken = count(clean, left);
  if (mistaken < Math.max(ids.length > 1 ? 40 : 15, LEAST * left.length))
    return { outcome: 'too few', attribution: null };
  const needed = Math.max(10, NEEDED * mistaken);
  const among = (values: Served[]): Served[] => values.filter((_, row) => differ(clean[row]!, left[row]!));
  if (ids.length > 1 && alone.some((values) => count(among(clean), among(values)) < needed))
    return { outcome: 'too few', attribution: null };
  if (isFlat(clean)) return { outcome: 'flat', attribution: null };
  const right = clean.map((value) => (random.chance(options.noise) ? other(value, feature, random) : value));
  const attribution = await ask(db, world, feature, left, right);
  const truth = ids.join(options.either ? ' or ' : ' + ');
  const named = attribution.verdict;
  if (named === null) return { outcome: 'unnamed', attribution };
  const same = (one: string): boolean => sorted(one) === sorted(truth);
  if (same(named)) return { outcome: 'right', attribution };
  if (attribution.causes[0]!.alike.some(same)) return { outcome: 'tie', attribution };
  if (named.includes(' or ')) {
    const told = named.split(' or ').map((id) => answers(service, world, feature, mistakesOf([id])));
    const same = (one: Served[]): boolean => alone.some((values) => count(one, values) === 0);
    return { outcome: options.either && told.every(same) ? 'tie' : 'wrong', attribution };
  }
  const told = answers(service, world, feature, mistakesOf(named.split(' + ')));
  return { outcome: count(told, clean) === 0 ? 'tie' : 'wrong', attribution };
}

function isFlat(values: readonly Served[]): boolean {
  const counts = new Map<string, number>();
  for (const value of values) {
    const key = JSON.stringify(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(...counts.values()) >= FLAT * values.length;
}

function sorted(cause: string): string {
  const by = cause.includes(' or ') ? ' or ' : ' + ';
  return cause.split(by).sort().join(by);
}

export async function ask(
  db: Database,
  world: ServedWorld,
  feature: ServedFeature,
  left: Served[],
  right: Served[],
): Promise<Attribution> {
  await loadLog(db, { feature, requests: world.requests, left, right });
  return attribute(db, CATALOG, {
    view: feature.view,
    feature: feature.name,
    kind: kindOf(feature),
    tolerance: TOLERANCE,
    means: new Map(),
    rows: '_plumb.source_log',
  });
}

/** Another value of the feature's type. */
function other(value: Served, feature: ServedFeature, random: Random): Served {
  if (random.chance(0.1)) return value === null ? oneOf(feature, random) : null;
  if (typeof value === 'number' && feature.type.startsWith('int'))
    return value + 1 + random.int(5) * (random.chance(0.5) ? 1 : -1);
  if (typeof value === 'number') return value * (1 + random.next()) + random.next();
  return oneOf(feature, random);
}

function oneOf({ type }: ServedFeature, random: Random): Served {
  if (type === 'bool') return random.chance(0.5);
  const word = random.pick(['red', 'green', 'blue', 'grey', 'pink', 'teal']);
  if (type === 'string') return word;
  return type === 'string[]' ? [word] : random.int(10);
}

/** The mistakes that a service can make with a feature, alone. */
export function mistakesFor({ name, window, column, type, distinct }: ServedFeature): string[] {
  const whole = Array.from({ length: 27 }, (_, at) => at - 12).filter((hours) => hours !== 0);
  const zones = [...whole, -3.5, 5.5, 5.75, 9.5];
  const hours = zones.map((zone) => `${zone < 0 ? zone : `+${zone}`}h`);
  const { default: stand, waits } = (window ?? column)!;
  const isReal = type === 'float64';
  return [
    ...(window
      ? ['half-open', 'closed', 'open-closed', 'sawtooth', 'calendar-day']
          .filter((boundary) => boundary !== window.boundary)
          .map((boundary) => `boundary:${boundary}`)
      : ['boundary:strict']),
    ...(window ? ['2', '7', '1/7', '1/24'].map((times) => `length:x${times}`) : []),
    ...hours.map((zone) => `zone:${zone}`),
    ...(window && ['calendar-day', 'sawtooth'].includes(window.boundary)
      ? hours.map((zone) => `days:${zone}`)
      : []),
    ...['stale:1h', 'stale:1d', 'stale:7d', 'refresh:1h', 'refresh:1d'],
    ...(waits ? ['late'] : []),
    ...(column && (column.stretches || column.ttl !== null) ? ['ttl'] : []),
    ...(column?.byMade ? ['ties:last'] : []),
    ...((column && !column.stretches) || /^last/.test(name) ? ['ties:first'] : []),
    ...(distinct ? ['duplicates:counted'] : []),
    ...(window ? ['duplicates:dropped'] : []),
    ...(stand !== null ? ['default:null'] : []),
    ...(type === 'string'
      ? ['default:none']
      : type === 'string[]'
        ? []
        : type === 'bool'
          ? ['default:false']
          : ['default:-7']),
    ...(isReal ? ['cast:float32', 'cast:truncated', 'cast:rounded'] : []),
  ];
}
