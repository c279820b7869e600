import { type Database, ORDER_COLUMN, type QueryOptions } from '../../database/database';
import type { CompiledFeature, CompiledView } from '../../sql/compiled-view';
import { defaultSql, withDefault } from '../../sql/default-value';
import { type Means, meanSql } from '../../sql/mean';
import type { ForcedPlans } from '../../sql/plan';
import type { Points } from '../../sql/points';
import { quote } from '../../sql/quote';
import { block, printSelect } from '../../sql/select';
import { valuesSql } from '../../sql/view-values';
import { floorTo, reachOf } from '../../sql/window-edges';
import { DAY } from '../../catalog/window';
import { type Reading, readingKey } from './reading';

/** What values are computed from, and where they go. */
export interface Trial {
  /** Its features: the one in question, then the category of its mean, where that is its default. */
  compiled: CompiledView;
  means: Means;
  /** The source without rows that are equal in all but place and availability. */
  dropped: string;
  /** Points: `n` BIGINT from 0 (unique), `__t` and the keys `__k0` ... */
  points: { table: string; count: number };
  /** `n`, `reading` INTEGER, `raw` (before the default), `value` (after it). */
  tried: string;
  plans?: ForcedPlans;
}

/** Readings that one statement computes: each of its windows at each of its instants. */
interface Batch {
  like: Reading;
  instants: Reading[];
  /** One per window (or counting) of a reading. */
  features: Reading[];
  /** By instant, then feature: the reading's number. */
  numbers: number[][];
}

/** Features that one statement computes, at most: each has columns of its own in every step. */
const WIDTH = 48;
/** Values that the aggregates of one statement may hold at once, by estimate: lists and sets keep what they meet. */
const HELD = 1_500_000;
/** Pairs of event and feature that one statement may look at, by estimate. */
const MET = 40_000_000;

/** Computes readings at all points into `tried`, as few statements as the plan allows. */
export async function tryReadings(
  db: Database,
  trial: Trial,
  readings: readonly { reading: Reading; number: number }[],
  options: QueryOptions,
): Promise<void> {
  for (const batch of batchesOf(trial, readings))
    await db.query(`INSERT INTO ${trial.tried}\n${batchSql(trial, batch)}`, options);
}

function batchesOf(trial: Trial, readings: readonly { reading: Reading; number: number }[]): Batch[] {
  const bySource = grouped(readings, ({ reading }) => sourceKey(trial, reading));
  return bySource.flatMap((group) => {
    const byInstant = grouped(group, ({ reading }) => `${reading.floor} ${reading.back}`);
    const alike = grouped(byInstant, (one) => one.map(({ reading }) => featureKey(reading)).join('\n'));
    return alike.flatMap((instants) => {
      const [first] = instants as [(typeof instants)[0]];
      return chunks(first.length, widthOf(trial, first[0]!.reading, instants.length)).map(([from, to]) => ({
        like: first[0]!.reading,
        instants: instants.map((one) => one[0]!.reading),
        features: first.slice(from, to).map(({ reading }) => reading),
        numbers: instants.map((one) => one.slice(from, to).map(({ number }) => number)),
      }));
    });
  });
}

/** How many windows go into one statement, so that it takes neither long nor much memory. */
function widthOf({ compiled, points }: Trial, { window }: Reading, instants: number): number {
  const { facts, features } = compiled;
  const [asked] = features;
  if (window === null || facts === null) return WIDTH;
  const reach = reachOf(window);
  const share = facts.span <= reach ? 1 : Number(reach) / Number(facts.span);
  const pairs = Math.max(1, points.count * instants * facts.density * share);
  const whole = asked!.expression !== null;
  const keeps = whole || asked!.aggregations.some(({ fn, sum }) => !LIGHT.has(fn) || sum.kind === 'ordered');
  const width = Math.floor((keeps ? HELD : MET) / pairs);
  return Math.max(2, Math.min(whole ? WIDTH / 4 : WIDTH, width));
}

/** Aggregations that keep one number of what they meet. */
const LIGHT = new Set(['count', 'sum', 'avg', 'min', 'max', 'first', 'last']);

/** What takes a statement of its own. Windows that reach much farther back than the plain one would make it meet more events. */
function sourceKey({ compiled }: Trial, { window, later, late, ignoreTtl, ties, dropped }: Reading): string {
  const plain = compiled.features[0]!.window;
  const far =
    window !== null && plain !== null && reachOf(window) > reachOf(plain) + plain.length / 2n + 2n * DAY;
  const length = far ? window.length : 0n;
  return [later, late, ignoreTtl, ties, dropped, length].join(' ');
}

function featureKey(reading: Reading): string {
  return readingKey({ ...reading, floor: null, back: 0n });
}

function batchSql(trial: Trial, { like, instants, features, numbers }: Batch): string {
  const { compiled, plans } = trial;
  const [asked, category] = compiled.features as [CompiledFeature, CompiledFeature | undefined];
  const read: CompiledView = {
    ...compiled,
    source: sourceOf(trial, like),
    view: like.ties === 'own' ? compiled.view : { ...compiled.view, createdTimestamp: null },
    sorted: like.dropped || like.later !== 0n || like.ties === 'first' ? null : compiled.sorted,
    availability: like.late ? null : compiled.availability,
    features: [...features.map((reading) => featureOf(asked, reading)), ...(category ? [category] : [])],
  };
  const options = { keepKeys: false, ignoreTtl: like.ignoreTtl, keepExpired: false, plans };
  const values = valuesSql(read, pointsOf(trial, instants), options);
  const stand = standSql(trial, category, features.length);
  const raw = features.map((_, at) => `v."__v${at}"`);
  const full = raw.map((value) => withDefault(asked.feature, value, stand));
  const ids = `[${numbers.map((row) => `[${row.join(', ')}]`).join(', ')}]`;
  return printSelect({
    columns: [
      `v."__row" // ${instants.length} AS n`,
      `unnest((${ids})[v."__row" % ${instants.length} + 1]) AS reading`,
      `unnest([${raw.join(', ')}]) AS raw`,
      `unnest([${full.join(', ')}]) AS "value"`,
    ],
    from: [`${block(values)} AS v`],
  });
}

function standSql(
  { compiled, means }: Trial,
  category: CompiledFeature | undefined,
  at: number,
): string | null {
  const { feature } = compiled.features[0]!;
  const mean = means.get(`${compiled.view.name}:${feature.name}`);
  if (mean === undefined) return defaultSql(feature);
  return meanSql(feature, mean, category ? { feature: category.feature, value: `v."__v${at}"` } : null);
}

function featureOf(feature: CompiledFeature, { window, counted }: Reading): CompiledFeature {
  const aggregations = counted
    ? feature.aggregations.map((one) =>
        one.fn === 'count_distinct' || one.fn === 'approx_count_distinct'
          ? { ...one, fn: 'count' as const }
          : one,
      )
    : feature.aggregations;
  return { ...feature, window, aggregations };
}

function sourceOf({ compiled, dropped }: Trial, { later, ties, ...like }: Reading): string {
  const source = like.dropped ? dropped : compiled.source;
  const { timestamp, validity } = compiled.view;
  const times = [...new Set([timestamp, ...(validity === null ? [] : [validity.from, validity.to])])];
  const moved = times.map((time) => `make_timestamp(epoch_us(${quote(time)}) + ${later}) AS ${quote(time)}`);
  const order = quote(ORDER_COLUMN);
  const replaced = [...(later === 0n ? [] : moved), ...(ties === 'first' ? [`-${order} AS ${order}`] : [])];
  if (replaced.length === 0) return source;
  return block(printSelect({ columns: [`* REPLACE (${replaced.join(', ')})`], from: [source] }));
}

function pointsOf({ compiled, points }: Trial, instants: readonly Reading[]): Points {
  const times = instants.map(({ floor, back }) => {
    const from = floor === null ? 's."__t"' : floorTo('s."__t"', floor);
    return `${from} - (${back})`;
  });
  return {
    sql: printSelect({
      columns: [
        `s.n * ${instants.length} + unnest(range(${instants.length})) AS "__row"`,
        `unnest([${times.join(', ')}]) AS "__t"`,
        ...compiled.keys.map((_, index) => `s."__k${index}"`),
      ],
      from: [`${points.table} AS s`],
    }),
    count: points.count * instants.length,
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

function chunks(length: number, width: number): [from: number, to: number][] {
  const count = Math.ceil(length / width);
  return Array.from({ length: count }, (_, at) => [at * width, Math.min(length, (at + 1) * width)]);
}
