import type { Catalog } from '../../catalog/model';
import { catalogOverLog, logView } from '../../catalog/stream-view';
import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { prepareView } from '../../sql/view-facts';
import { makeArrivals } from '../../stream/arrivals';
import { agreement, batchValues, comparisonTables, pairsSql } from '../../stream/comparison';
import { StreamConsumer } from '../../stream/consumer';
import { catalogFor } from '../cases/case-catalog';
import { agrees, shown } from '../cases/case-result';
import { tablesSql } from '../cases/case-tables';
import type { OracleEvent, OracleView } from '../oracle/definition';
import { oracleRow } from '../oracle/oracle';
import { identity, type OracleValue } from '../oracle/value';
import type { StreamCase } from './stream-case';
import { oracleStream, reachable, streamValues, type OracleStream } from './stream-oracle';

export interface StreamTally {
  replays: number;
  /** Values compared with the oracle's: of the stream while it runs, at its end, and of the batch source. */
  online: number;
  values: number;
  late: number;
  evicted: number;
  /** Replays without a late row, whose values are all those of the batch source. */
  equal: number;
}

export function newStreamTally(): StreamTally {
  return { replays: 0, online: 0, values: 0, late: 0, evicted: 0, equal: 0 };
}

/** Replays a case and gives what is not as the oracle says, in words. */
export async function streamFindings(db: Database, drawn: StreamCase, tally: StreamTally): Promise<string[]> {
  const { one, batchRows } = drawn;
  const view = one.views[0]!;
  const end = drawn.end === 'max' ? lastArrival(one.events) : drawn.end;
  if (end === null) return [];
  const delay = drawn.delay === 'enough' ? enough(one.events, end) : drawn.delay;
  const truth = oracleStream(one.events, delay, end);
  await db.query(tablesSql(one));
  const catalog = streamCatalog(drawn);
  const sides = {
    batch: await prepareView(db, catalog, 'v0'),
    log: await prepareView(db, catalogOverLog(catalog, 'v0'), 'v0'),
  };
  const tables = comparisonTables('case');
  await makeArrivals(db, logView(catalog, 'v0').log, tables.arrivals);
  const consumer = await StreamConsumer.open(db, sides.log, tables.arrivals, { name: 'case', delay, end });
  const found: string[] = [];
  for (let range = await consumer.next(batchRows, null); range !== null;) {
    await consumer.consume(range);
    found.push(
      ...(await onlineFindings(db, consumer, view, truth, one.events, [range.from, range.to], end, tally)),
    );
    range = await consumer.next(batchRows, null);
  }
  const { counts } = consumer;
  found.push(...countFindings(consumer, truth));
  const points = await batchValues(db, sides, tables, end);
  await db.query(
    `CREATE OR REPLACE TABLE ${tables.pairs} AS ${pairsSql(consumer.overState(), tables, points)}`,
  );
  const accepted = truth.steps.flatMap(({ event, fate }) => (fate === 'accepted' ? [event] : []));
  found.push(...(await endFindings(db, drawn, tables.pairs, accepted, end, tally)));
  const { compared, equal } = await agreement(db, sides.log, tables.pairs);
  // A source that does not say when its rows could be known has those that never arrived.
  const lost = !drawn.batchKnows && one.events.some(({ at, available }) => at !== null && available === null);
  if (counts.late === 0 && !lost) {
    if (compared !== equal) found.push(`${compared - equal} entities differ though no row was late`);
    else tally.equal++;
  }
  tally.replays++;
  tally.late += counts.late;
  tally.evicted += counts.evicted;
  return found;
}

/** The view `v0` over the batch source `late` or `events`, and over the log, which is the source `late`. */
function streamCatalog({ one, batchKnows }: StreamCase): Catalog {
  const { catalog } = catalogFor(one);
  const view = catalog.views.get('v0')!;
  const streamed = { ...view, source: batchKnows ? 'late' : 'events', stream: 'late' };
  return { ...catalog, views: new Map([['v0', streamed]]) };
}

function countFindings({ counts }: StreamConsumer, { steps }: OracleStream): string[] {
  const of = (fate: string): number => steps.filter((step) => step.fate === fate).length;
  const pairs: [string, number, number][] = [
    ['read', steps.length, counts.read],
    ['accepted', of('accepted'), counts.accepted],
    ['late', of('late'), counts.late],
    ['without a key', of('no_key'), counts.noKey],
  ];
  return pairs.flatMap(([what, want, have]) =>
    want === have ? [] : [`${have} rows ${what}, ${want} wanted`],
  );
}

/** Values of the entities that the batch touched, at the watermark, and what the state holds. */
async function onlineFindings(
  db: Database,
  { tables, counts }: StreamConsumer,
  view: OracleView,
  { steps }: OracleStream,
  log: readonly OracleEvent[],
  [from, to]: [number, number],
  end: bigint,
  tally: StreamTally,
): Promise<string[]> {
  const isAccepted = ({ fate }: OracleStream['steps'][number]): boolean => fate === 'accepted';
  const accepted = steps.slice(0, to).filter(isAccepted);
  const rows = accepted.map(({ event }) => event);
  const { watermark } = steps[to - 1]!;
  const horizon = watermark < end ? watermark : end;
  const online = await queryRows(db, `SELECT * FROM ${tables.online}`);
  const keysOf = (row: Record<string, unknown>): OracleValue[] =>
    log[0]!.keys.map((_, at) => row[`__k${at}`] as OracleValue);
  const stored = new Map(online.map((row) => [entityText(keysOf(row)), row]));
  const touched = new Map(
    steps
      .slice(from, to)
      .filter(isAccepted)
      .map(({ event }) => [entityText(event.keys), event.keys]),
  );
  const found: string[] = [];
  if (counts.watermark !== watermark) found.push(`the watermark is ${counts.watermark}, not ${watermark}`);
  for (const [entity, keys] of touched) {
    // With a ttl, a value at a watermark beyond the end is not old: it goes by the end.
    const row = stored.get(entity);
    if (row === undefined) {
      found.push(`${entity} is not online after row ${to}`);
      continue;
    }
    const want = streamValues(view, rows, keys, watermark, log);
    view.features.forEach((feature, at) => {
      tally.online++;
      if (!agrees(feature, want[at]!, row[`__v${at}`]))
        found.push(
          `after row ${to} ${entity} ${feature.name}: ${shown(want[at])} wanted, ${shown(row[`__v${at}`])} found`,
        );
    });
  }
  const kept = await queryRows(db, `SELECT "__order" AS o FROM ${tables.state} ORDER BY o`);
  const state = kept.map(({ o }) => Number(o)).join(' ');
  const wanted = reachable(view, rows, horizon).map(({ order }) => order);
  if (state !== wanted.sort((a, b) => a - b).join(' '))
    found.push(`after row ${to} the state holds ${state}, not ${wanted.join(' ')}`);
  return found;
}

async function endFindings(
  db: Database,
  { one, batchKnows }: StreamCase,
  pairs: string,
  accepted: readonly OracleEvent[],
  end: bigint,
  tally: StreamTally,
): Promise<string[]> {
  const view = one.views[0]!;
  const rows = await queryRows(db, `SELECT * FROM ${pairs}`);
  const known = ({ at, available }: OracleEvent): boolean =>
    at !== null && at <= end && available !== null && available <= end;
  const there = one.events.filter(
    (event) =>
      !event.keys.includes(null) && (known(event) || (!batchKnows && event.at !== null && event.at <= end)),
  );
  const entities = new Set(there.map(({ keys }) => entityText(keys)));
  const found: string[] = [];
  if (rows.length !== entities.size) found.push(`${rows.length} entities compared, not ${entities.size}`);
  for (const row of rows) {
    const keys = one.keyTypes.map((_, at) => row[`__k${at}`] as OracleValue);
    const batch = oracleRow({ ...view, late: batchKnows }, one.events, { keys, t: end }).map(
      ({ raw }) => raw,
    );
    const stream = streamValues(view, accepted, keys, end, one.events);
    view.features.forEach((feature, at) => {
      for (const [side, want, have] of [
        ['batch', batch[at], row[`__b${at}`]],
        ['stream', stream[at], row[`__s${at}`]],
      ] as const) {
        tally.values++;
        if (!agrees(feature, want!, have))
          found.push(
            `${entityText(keys)} ${feature.name} in ${side}: ${shown(want)} wanted, ${shown(have)} found`,
          );
      }
    });
  }
  return found;
}

function lastArrival(events: readonly OracleEvent[]): bigint | null {
  return events.reduce<bigint | null>((most, { at, available }) => {
    if (at === null || available === null) return most;
    return most === null || available > most ? available : most;
  }, null);
}

/** The least delay under which no row is late. */
function enough(events: readonly OracleEvent[], end: bigint): bigint {
  const { steps } = oracleStream(events, 0n, end);
  return steps.reduce((most, { lateBy }) => (lateBy > most ? lateBy : most), 0n);
}

function entityText(keys: readonly OracleValue[]): string {
  return keys
    .map((key) => identity(typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key))
    .join(' ');
}
