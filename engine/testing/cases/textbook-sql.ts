import { duckType } from '../../sql/duck-type';
import { literal, type SqlValue } from '../../sql/literal';
import type { OracleAggregation, OracleFeature, OracleView, OracleWindow } from '../oracle/definition';
import { keyNames, sourceOf } from './case-catalog';
import type { OracleCase } from './oracle-case';
import { PAYLOAD_TYPES, type PayloadColumn } from './payload';
import { WHERE, WHOLE } from './sql-words';

/**
 * Feature values as a textbook would write them: a correlated subquery per window, an inequality join with row_number
 * per feature table. Nothing of it comes from the engine's SQL. A row per spine row, in order; a column of text per
 * feature, `<view>_<feature>`, those left out that plain SQL cannot say (see `isTextbook`).
 */
export function textbookSql(one: OracleCase): string {
  const tables = one.views.filter(({ kind }) => kind === 'table' || kind === 'dimension');
  const columns = one.views.flatMap((view) =>
    view.features
      .filter(isTextbook)
      .map((feature) => `(${valueOf(one, view, feature)})::VARCHAR AS ${view.name}_${feature.name}`),
  );
  return `
    WITH s AS (SELECT rowid AS place, * FROM main.spine_rows)
    ${tables.map((view) => `, ${view.name} AS (${rankedSql(one, view)})`).join('\n')}
    SELECT ${['s.place', ...columns].join(',\n')}
    FROM s ${tables.map(({ name }) => `LEFT JOIN ${name} ON ${name}.place = s.place AND ${name}.newest = 1`).join('\n')}
    ORDER BY s.place`;
}

/**
 * Plain SQL adds floats in the order in which they come: a sum of them is not one value. Means of a whole set and what is
 * computed of other features are left to the brute-force oracle.
 */
export function isTextbook({ definition, policy }: OracleFeature): boolean {
  if (definition.kind === 'on_demand' || policy.kind === 'global_mean' || policy.kind === 'category_mean')
    return false;
  const inexact = ({ fn, of }: OracleAggregation): boolean =>
    (fn === 'sum' || fn === 'avg') && (of === 'f' || of === 'g');
  if (definition.kind === 'aggregation') return !inexact(definition.aggregation);
  return definition.kind !== 'ratio' || !(inexact(definition.of) || inexact(definition.over));
}

function rankedSql(one: OracleCase, view: OracleView): string {
  const age = view.ttl === null ? '' : `AND e.ts >= s.ts - to_microseconds(${view.ttl})`;
  const holds = view.kind === 'dimension' ? 'AND (e.until IS NULL OR s.ts < e.until)' : '';
  const made = view.usesMade ? 'e.made DESC NULLS LAST,' : '';
  return `
    SELECT s.place, e.*, row_number() OVER (PARTITION BY s.place ORDER BY e.ts DESC, ${made} e.__order DESC) AS newest
    FROM s JOIN _plumb.source_${sourceOf(view)} e ON ${sameEntity(one)} AND e.ts <= s.ts ${known(view)} ${age} ${holds}`;
}

function valueOf(one: OracleCase, view: OracleView, { type, definition, policy }: OracleFeature): string {
  const raw = (): string => {
    switch (definition.kind) {
      case 'column':
        return `${view.name}.${definition.column}`;
      case 'expression':
        return subquery(one, view, definition.window, WHOLE[definition.expression], null);
      case 'aggregation':
        return aggregate(one, view, definition.window, definition.aggregation);
      case 'ratio': {
        const [of, over] = [definition.of, definition.over].map((side) =>
          aggregate(one, view, definition.window, side),
        );
        return `CASE WHEN ${over} <> 0 THEN (${of})::DOUBLE / (${over})::DOUBLE END`;
      }
      case 'on_demand':
        throw new Error('An on-demand feature reads no source.');
    }
  };
  const cast = `(${raw()})::${duckType(type)}`;
  if (policy.kind !== 'zero' && policy.kind !== 'constant') return cast;
  const stand = policy.kind === 'zero' ? '0' : literal(policy.value as SqlValue);
  return `coalesce(${cast}, (${stand})::${duckType(type)})`;
}

function aggregate(one: OracleCase, view: OracleView, window: OracleWindow, what: OracleAggregation): string {
  const { fn, of, where, parameter } = what;
  const x = `e.${of}`;
  const inOrder = `list(${x} ORDER BY e.ts, e.__order)`;
  const input = of === '*' ? null : PAYLOAD_TYPES[of as PayloadColumn];
  // Adding 0 makes 0.0 of -0.0.
  const plain = (value: string): string => {
    if (input === 'float64[]') return `list_transform(${value}, lambda v: v + 0)`;
    return input !== null && /^float/.test(input) ? `${value} + 0` : value;
  };
  const from = (value: string): string => subquery(one, view, window, value, WHERE[where]);
  switch (fn) {
    case 'count':
      return from(of === '*' ? 'count(*)' : `count(${x})`);
    case 'count_distinct':
      return from(`count(DISTINCT ${x})`);
    case 'approx_count_distinct':
      return `coalesce(${from(`approx_count_distinct(${x})`)}, 0)`;
    case 'sum':
      return from(`sum(${x})`);
    case 'avg':
      return from(`sum(${x})::DOUBLE / count(${x})`);
    case 'min':
    case 'max':
      return from(plain(`${fn}(${x})`));
    case 'stddev':
      return from(`stddev_samp(${x})`);
    case 'variance':
      return from(`var_samp(${x})`);
    case 'first':
      return from(plain(`${inOrder}[1]`));
    case 'last':
      return from(plain(`${inOrder}[-1]`));
    case 'last_n':
      return from(`${inOrder}[-${parameter}:]`);
    case 'quantile':
      return from(`quantile_cont(${x}, ${parameter})`);
    case 'mode':
      return subquery(
        one,
        view,
        window,
        plain(x),
        WHERE[where],
        `AND ${x} IS NOT NULL GROUP BY ${x} ORDER BY count(*) DESC, ${x} LIMIT 1`,
      );
    case 'entropy':
      return from(`CASE WHEN count(${x}) > 0 THEN entropy(${x}) END`);
  }
}

function subquery(
  one: OracleCase,
  view: OracleView,
  window: OracleWindow,
  value: string,
  where: string | null,
  more = '',
): string {
  return `(SELECT ${value} FROM _plumb.source_${sourceOf(view)} e
    WHERE ${sameEntity(one)} AND ${inWindow(window)} ${known(view)} ${inSession(one, view, window)}
      AND (${where ?? 'true'}) ${more})`;
}

/** No event of the window from `e` on has the session's gap, or more, after it. */
function inSession(one: OracleCase, view: OracleView, window: OracleWindow): string {
  const { session, offset, boundary } = window;
  if (session === undefined) return '';
  const of = (alias: string): string =>
    `${sameEntity(one)} AND ${inWindow(window)} ${known(view)}`.replaceAll('e.', `${alias}.`);
  const source = `_plumb.source_${sourceOf(view)}`;
  const end = `(s.ts - to_microseconds(${offset}))`;
  const upper = boundary === 'calendar-day' ? `date_trunc('day', ${end})` : end;
  const next = `(SELECT min(y.ts) FROM ${source} y WHERE ${of('y')} AND y.ts > x.ts)`;
  return `AND NOT EXISTS (SELECT 1 FROM ${source} x WHERE ${of('x')} AND x.ts >= e.ts
        AND epoch_us(coalesce(${next}, ${upper})) - epoch_us(x.ts) >= ${session})`;
}

function sameEntity(one: OracleCase): string {
  return keyNames(one)
    .map((key) => `e.${key} = s.${key}`)
    .join(' AND ');
}

function known({ late }: OracleView): string {
  return late ? 'AND e.available <= s.ts' : '';
}

function inWindow({ length, offset, boundary }: OracleWindow): string {
  const end = `(s.ts - to_microseconds(${offset}))`;
  const start = `(${end} - to_microseconds(${length}))`;
  switch (boundary) {
    case 'half-open':
      return `e.ts >= ${start} AND e.ts < ${end}`;
    case 'closed':
      return `e.ts >= ${start} AND e.ts <= ${end}`;
    case 'open-closed':
      return `e.ts > ${start} AND e.ts <= ${end}`;
    case 'sawtooth':
      return `e.ts >= time_bucket(INTERVAL '${hop(length)}', ${start}, TIMESTAMP '1970-01-01') AND e.ts < ${end}`;
    case 'calendar-day':
      return `e.ts >= date_trunc('day', ${end}) - to_microseconds(${length}) AND e.ts < date_trunc('day', ${end})`;
  }
}

function hop(length: bigint): string {
  const hours = length / 3_600_000_000n;
  if (hours < 12n) return '5 minutes';
  return hours < 288n ? '1 hour' : '1 day';
}
