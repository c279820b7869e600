import type { Catalog } from '../catalog/model';
import { DAY, HOUR } from '../catalog/window';
import { INTERNAL_SCHEMA, sourceTable, type Database } from '../database/database';
import { queryRows } from '../database/rows';
import { toPlumblineError } from '../errors';
import { rowsTable } from '../database/source-tables';
import type { CompiledAggregation, SumKind } from './aggregate-state';
import { type CompiledView, compileView, eventColumns, keyColumns, type ViewFacts } from './compiled-view';
import { literal } from './literal';
import { relation } from './quote';
import { block, enclose, printSelect } from './select';

/** Bits of a sum that a HUGEINT holds, less one for the sign and one for safety. */
const HUGEINT_BITS = 125;
/** Bits of a double's significand. */
const DOUBLE_BITS = 53;

/**
 * A view as `compileView` gives it, with what its source's rows say: sizes for the planner, and per sum how it is taken so
 * that every plan gives the same bits. Every reader of values starts here. Each question is asked once per load; the
 * answers live in the engine, beside the rows. Errors: those of `compileView`, `sql.bind`.
 */
export async function prepareView(
  db: Database,
  catalog: Catalog,
  name: string,
  chosen?: readonly string[],
  signal?: AbortSignal,
): Promise<CompiledView> {
  const compiled = compileView(catalog, name, chosen);
  const memory = await rememberFor(db, compiled.view.source, signal);
  const facts = await memory(sizesSql(compiled), sizes).catch(exceptTooLarge(null));
  const sums = new Map<string, SumKind>();
  const sumOf = async (of: string): Promise<SumKind> => {
    const kind = sums.get(of) ?? (await sumKind(db, compiled, of, memory, signal));
    sums.set(of, kind);
    return kind;
  };
  const features = [];
  for (const feature of compiled.features) {
    const aggregations: CompiledAggregation[] = [];
    for (const aggregation of feature.aggregations)
      aggregations.push(
        aggregation.fn === 'sum' || aggregation.fn === 'avg'
          ? { ...aggregation, sum: await sumOf(aggregation.of) }
          : aggregation,
      );
    features.push({ ...feature, aggregations });
  }
  return { ...compiled, features, facts };
}

const WHOLE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL.*|BOOLEAN)$/;

async function sumKind(
  db: Database,
  { source }: CompiledView,
  of: string,
  memory: Memory,
  signal?: AbortSignal,
): Promise<SumKind> {
  const [input] = await db.describe(`SELECT ${enclose(of)} AS "__e" FROM ${source}`, { signal });
  if (WHOLE.test(input?.type ?? '')) return { kind: 'whole' };
  if (input?.type !== 'FLOAT' && input?.type !== 'DOUBLE') return { kind: 'ordered' };
  return memory(rangeSql(source, of), scaleOf).catch(exceptTooLarge<SumKind>({ kind: 'ordered' }));
}

/** A source that this engine does not hold is computed by other engines, chunk by chunk: nothing is known of its rows. */
function exceptTooLarge<T>(unknown: T): (thrown: unknown) => T {
  return (thrown) => {
    if (toPlumblineError(thrown).code === 'source.too_large') return unknown;
    throw thrown;
  };
}

/** Bounds of a floating point expression over all rows: what `scaleOf` reads. */
function rangeSql(source: string, of: string): string {
  const values = printSelect({ columns: [`CAST(${enclose(of)} AS DOUBLE) AS x`], from: [source] });
  return printSelect({
    columns: [
      'count(*) AS total',
      'count(x) AS n',
      'count(*) FILTER (WHERE NOT isfinite(x)) AS strange',
      'count(*) FILTER (WHERE isfinite(x) AND x <> trunc(x)) AS broken',
      'max(abs(x)) FILTER (WHERE isfinite(x)) AS greatest',
      'min(abs(x)) FILTER (WHERE isfinite(x) AND x <> 0) AS least',
    ],
    from: [`${block(values)} AS v`],
  });
}

/**
 * Multiplied by 2^bits every value is whole (a double of size 2^e is a multiple of 2^(e-52)), and no sum of all rows
 * leaves a HUGEINT; `ordered` where both cannot be had, and over no rows, which say nothing.
 */
export function scaleOf(row: Record<string, unknown>): SumKind {
  const [n, least, greatest] = [Number(row['n']), Number(row['least']), Number(row['greatest'])];
  if (n === 0 || Number(row['strange']) > 0) return { kind: 'ordered' };
  const bits = Number(row['broken']) === 0 ? 0 : Math.max(0, DOUBLE_BITS - 1 - exponent(least));
  const needed = greatest === 0 ? 0 : exponent(greatest) + 1 + bits + Math.ceil(Math.log2(n));
  const small = greatest === 0 || exponent(greatest) + 1 + bits < 63;
  const full = n === Number(row['total']);
  return needed <= HUGEINT_BITS && bits < 1000 ? { kind: 'scaled', bits, small, full } : { kind: 'ordered' };
}

/** e with 2^e <= x < 2^(e+1), never too great; x > 0. */
function exponent(x: number): number {
  const near = Math.floor(Math.log2(x));
  return 2 ** near > x ? near - 1 : near;
}

function sizesSql(compiled: CompiledView): string {
  const keys = keyColumns(compiled.keys);
  const events = printSelect({ columns: eventColumns(compiled, []), from: [compiled.source] });
  const entities = printSelect({
    columns: [
      'count(*) AS n',
      'min("__at") AS "first"',
      'max("__at") AS "last"',
      `bool_and("__at" % ${HOUR} = 0) AS hours`,
      `bool_and("__at" % ${DAY} = 0) AS days`,
    ],
    from: [`${block(events)} AS e`],
    where: ['"__at" IS NOT NULL', ...keys.map((key) => `${key} IS NOT NULL`)],
    groupBy: keys,
  });
  return printSelect({
    columns: [
      'coalesce(sum(n), 0) AS total',
      'count(*) AS entities',
      'coalesce(sum(CAST(n AS DOUBLE) * n) / sum(n), 0) AS density',
      'coalesce(max("last") - min("first"), 0) AS span',
      'coalesce(bool_and(hours), false) AS hours',
      'coalesce(bool_and(days), false) AS days',
    ],
    from: [`${block(entities)} AS entity`],
  });
}

function sizes(row: Record<string, unknown>): ViewFacts {
  return {
    rows: Number(row['total']),
    entities: Number(row['entities']),
    density: Number(row['density']),
    span: BigInt(String(row['span'])),
    grid: row['days'] === true ? DAY : row['hours'] === true ? HOUR : null,
  };
}

/** Answers a statement of one row about a source, once per load of it. */
type Memory = <T>(sql: string, read: (row: Record<string, unknown>) => T) => Promise<T>;

const FACTS = relation({ schema: INTERNAL_SCHEMA, name: 'facts' });

async function rememberFor(db: Database, source: string, signal?: AbortSignal): Promise<Memory> {
  // A load makes another rows table; a relation that was made without one is its own rows.
  const names = [rowsTable(source), sourceTable(source)].map(({ name }) => name);
  const known = await queryRows(
    db,
    `CREATE TABLE IF NOT EXISTS ${FACTS} (load BIGINT, question VARCHAR, answer VARCHAR);
     SELECT held.load, question, answer FROM (
       SELECT coalesce(max(table_oid), -1) AS load FROM duckdb_tables()
       WHERE schema_name = ${literal(INTERNAL_SCHEMA)} AND table_name IN (${names.map(literal).join(', ')})
     ) AS held LEFT JOIN ${FACTS} AS f ON f.load = held.load`,
    { signal },
  );
  const load = BigInt(String(known[0]!['load']));
  const answers = new Map(known.map((row) => [String(row['question']), String(row['answer'])]));
  return async (sql, read) => {
    const before = answers.get(sql);
    if (before !== undefined) return read(JSON.parse(before) as Record<string, unknown>);
    const [row] = await queryRows(db, sql, { signal });
    const answer = JSON.stringify(row, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    answers.set(sql, answer);
    const values = [load, sql, answer].map(literal).join(', ');
    await db.query(`INSERT INTO ${FACTS} VALUES (${values})`);
    return read(JSON.parse(answer) as Record<string, unknown>);
  };
}
