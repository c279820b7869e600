import type { Catalog, LookupRequest, SkewSide, TrainingSet } from '../../catalog/model';
import { featureNamed } from '../../catalog/feature-named';
import { neededColumns } from '../../catalog/needed-columns';
import { INTERNAL_SCHEMA, type TablePlace } from '../../database/database';
import { countRows, queryRows } from '../../database/rows';
import { PlumblineError } from '../../errors';
import type { LookupResult } from '../../results';
import { typesOf, type Side } from '../../skew/side';
import { duckType } from '../../sql/duck-type';
import { literal, timestampLiteral, type SqlValue } from '../../sql/literal';
import { lookedUpLiteral } from '../../sql/looked-up';
import { quote, relation } from '../../sql/quote';
import { printSelect } from '../../sql/select';
import { lookUp } from '../cells/lookup';
import type { RunContext } from '../context';
import type { Requests } from './requests';

type RedisSide = Extract<SkewSide, { kind: 'redis' }>;

/** Entities of one call. */
const PORTION = 500;

/** Asks the store for a portion of entities; ages are taken against `at` (microseconds). */
function ask(
  context: RunContext,
  { redis, project }: RedisSide,
  set: TrainingSet,
  entities: LookupRequest['entities'],
  at: bigint | undefined,
): Promise<LookupResult> {
  const request: LookupRequest = {
    name: set.name,
    redis,
    project,
    entities,
    features: set.features,
    calls: 1,
    budgetMs: 0,
    ...(at === undefined ? {} : { at }),
  };
  return lookUp(context, request);
}

/** The columns by which entities are asked for: join keys, and what on-demand features name besides. */
function askedColumns(catalog: Catalog, set: TrainingSet): string[] {
  const { keys, parameters } = neededColumns(catalog, set.features);
  return [...new Set([...keys, ...parameters].map(({ name }) => name))];
}

async function entitiesOf(
  context: RunContext,
  set: TrainingSet,
  table: TablePlace,
  page: { limit: number; offset: number },
): Promise<LookupRequest['entities']> {
  const select = printSelect({
    columns: askedColumns(context.catalog, set).map(quote),
    from: [relation(table)],
    orderBy: ['"__row"'],
  });
  const sql = `${select} LIMIT ${literal(page.limit)} OFFSET ${literal(page.offset)}`;
  const rows = await queryRows(context.host.database, sql, { signal: context.options.signal });
  return rows as LookupRequest['entities'];
}

/**
 * The newest event time that the store holds for some of the entities, microseconds UTC: when it was filled. Errors:
 * `skew.no_overlap` where it holds nothing for them, and those of a lookup.
 */
export async function storedTime(
  context: RunContext,
  side: RedisSide,
  set: TrainingSet,
  requests: Requests,
): Promise<bigint> {
  const entities = await entitiesOf(context, set, requests.table, { limit: PORTION, offset: 0 });
  const now = BigInt(Math.floor(context.host.now())) * 1000n;
  const answer = await ask(context, side, set, entities, now);
  if (answer.store === 'memory') throw noStore(side);
  const ages = answer.rows.flatMap((row) =>
    Object.values(row.features).flatMap(({ age_ms: age }) => (age === null ? [] : [age])),
  );
  if (ages.length > 0) return now - BigInt(Math.round(Math.min(...ages) * 1000));
  throw new PlumblineError(
    'skew.no_overlap',
    `Redis ${side.redis} holds nothing of project ${side.project} for the entities of ${set.name}.`,
    { hint: 'Materialize first, or say with "project:" where the values are.' },
  );
}

function noStore({ redis }: RedisSide): PlumblineError {
  return new PlumblineError('redis.unknown_connection', `There is no Redis connection named ${redis}.`, {
    hint: `Add ${redis} to your connections, or give --redis ${redis}=redis://localhost:6379/0 on the command line.`,
  });
}

/** What the store answers for the requests, as a table `name` beside them. Errors: those of a lookup. */
export async function onlineSide(
  context: RunContext,
  side: RedisSide,
  set: TrainingSet,
  requests: Requests,
  place: { key: string; name: string; at: bigint },
): Promise<Side> {
  const { catalog, options } = context;
  const { database } = context.host;
  const { signal, onProgress } = options;
  const table = { schema: INTERNAL_SCHEMA, name: `skew_online_${place.key}` };
  const names = askedColumns(catalog, set);
  const types = set.features.map((ref) => featureNamed(catalog, ref)!.type);
  const declared = [
    '"__row" BIGINT',
    ...names.map((name) => `${quote(name)} ${requests.columns.find((one) => one.name === name)!.type}`),
    `${quote(set.timestamp)} TIMESTAMP`,
    ...types.map((type, at) => `${quote(valueColumn(at))} ${duckType(type)}`),
  ];
  await database.query(`CREATE OR REPLACE TABLE ${relation(table)} (${declared.join(', ')})`, { signal });
  const total = await countRows(database, relation(requests.table), { signal });
  for (let offset = 0; offset < total; offset += PORTION) {
    onProgress?.({ phase: `asking Redis ${side.redis}`, rows: offset, totalRows: total });
    const entities = await entitiesOf(context, set, requests.table, { limit: PORTION, offset });
    const answer = await ask(context, side, set, entities, place.at);
    if (answer.store === 'memory') throw noStore(side);
    const rows = answer.rows.map(({ features }, at) => {
      const values = set.features.map((ref, index) =>
        lookedUpLiteral(features[`${ref.view}:${ref.feature}`]?.value, types[index]!),
      );
      const own = names.map((name) => keyLiteral(entities[at]![name] ?? null, requests, name));
      return `(${[String(offset + at), ...own, timestampLiteral(place.at), ...values].join(', ')})`;
    });
    await database.query(`INSERT INTO ${relation(table)} VALUES\n${rows.join(',\n')}`, { signal });
  }
  return {
    name: place.name,
    table,
    order: '__row',
    time: set.timestamp,
    types: await typesOf(database, table, { signal }),
    columnOf: (ref) => {
      const at = set.features.findIndex((one) => one.view === ref.view && one.feature === ref.feature);
      return at < 0 ? null : valueColumn(at);
    },
    sample: null,
    definitions: null,
    remarks: [],
  };
}

const valueColumn = (at: number): string => `__v${at}`;

/** A key or parameter as it came from the requests; instants come as microseconds. */
function keyLiteral(value: SqlValue, { columns }: Requests, name: string): string {
  const type = columns.find((one) => one.name === name)!.type;
  return typeof value === 'bigint' && /^TIMESTAMP/.test(type) ? timestampLiteral(value) : literal(value);
}
