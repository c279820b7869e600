import type { Catalog } from '../../catalog/model';
import { type Database, INTERNAL_SCHEMA, type QueryOptions } from '../../database/database';
import { queryRows } from '../../database/rows';
import { loadedColumns } from '../../database/source-tables';
import type { OnProgress } from '../../ports';
import { keyColumns } from '../../sql/compiled-view';
import { quote, relation } from '../../sql/quote';
import { block, printSelect } from '../../sql/select';
import { createTable } from '../../sql/training-set';
import { toPlumblineError } from '../../errors';
import type { Attribution, AttributionJob } from './attribution';
import { isEnough, judge, type Judged, ranked } from './belief';
import { compositions, type Seen, singles } from './candidates';
import { findSubject } from './find-subject';
import { Laboratory, type SampleRow, type Weights } from './laboratory';
import { type Hypothesis, hypothesisOf } from './reading';
import { type Findings, report } from './report';
import { droppedSql, nearSql, rowsOf, sampleSql, type SampleSize } from './sample';
import type { Subject } from './subject';
import { alike, suspectsOf, unions } from './suspects';

export interface AttributionOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/** Rows that every single cause is tried at. */
const SCREENED: SampleSize = { mismatching: 1_200, agreeing: 800 };
/** Rows that every pair of causes is tried at. */
const PAIRED: SampleSize = { mismatching: 240, agreeing: 120 };
/** Pairs that do well there and are tried at the others. */
const PROMOTED = 10;

/**
 * Names why the two sides of a feature differ: computes the left side again under each hypothesis at a sample of the
 * rows, then what does well there at all mismatching ones. Reads the job's rows and the view's source, and leaves no table behind.
 * Where memory runs out nothing is named, and the note says so.
 * Errors: those of `prepareView`, `engine.cancelled`.
 */
export async function attribute(
  db: Database,
  catalog: Catalog,
  job: AttributionJob,
  options: AttributionOptions = {},
): Promise<Attribution> {
  const tables = tablesOf(job);
  const drop = async (): Promise<void> => {
    const drops = Object.values(tables).map((table) => `DROP TABLE IF EXISTS ${table}`);
    await db.query(drops.join('; ')).catch(() => {
      // The engine is gone; its tables with it.
    });
  };
  try {
    return await investigate(db, catalog, job, tables, options);
  } catch (thrown) {
    if (toPlumblineError(thrown).code !== 'engine.out_of_memory') throw thrown;
    // The comparison stands without its causes.
    await drop();
    return await nothingTried(db, job, options.signal);
  } finally {
    await drop();
  }
}

async function nothingTried(
  db: Database,
  { rows }: AttributionJob,
  signal?: AbortSignal,
): Promise<Attribution> {
  const { mismatching, agreeing } = await sizeOf(db, rowsOf(rows), { signal });
  return {
    examined: { mismatches: mismatching, total: mismatching + agreeing, agreeing: 0, counted: 0 },
    causes: [],
    verdict: null,
    remaining: mismatching === 0 ? 0 : 1,
    note: 'The engine ran out of memory: no cause was tried to the end.',
  };
}

const TABLES = [
  'sample',
  'few',
  'tried',
  'tried_at_few',
  'near',
  'dropped',
  'all',
  'part',
  'counted',
] as const;
export type LabTables = Record<(typeof TABLES)[number], string>;

function tablesOf({ view, feature }: AttributionJob): LabTables {
  const names = TABLES.map(
    (what) =>
      [what, relation({ schema: INTERNAL_SCHEMA, name: `causes_${what}_of_${view}_${feature}` })] as const,
  );
  return Object.fromEntries(names) as LabTables;
}

async function investigate(
  db: Database,
  catalog: Catalog,
  job: AttributionJob,
  tables: LabTables,
  { signal, onProgress }: AttributionOptions,
): Promise<Attribution> {
  const query: QueryOptions = { signal };
  const say = (what: string): void => onProgress?.({ phase: `${job.feature}: ${what}` });
  say('sampling rows');
  const { subject, note } = await findSubject(db, catalog, job, signal);
  const of = await sizeOf(db, rowsOf(job.rows), query);
  const keys = subject.compiled?.keys ?? [];
  await db.query(createTable(tables.sample, sampleSql(job.rows, keys, of, SCREENED)), query);
  const taken = await sizeOf(db, tables.sample, query);
  const weights = weightsOf(of, taken);
  const { near, compared } = await nearSubject(db, subject, tables, query);
  const plans = { window: 'join' } as const;
  const { tried, dropped } = tables;
  const points = { table: tables.sample, count: taken.mismatching + taken.agreeing };
  const lab = new Laboratory(db, job, near, { points, tried, dropped, plans }, query);
  await lab.clear();
  const base = hypothesisOf(near, [])!;
  await lab.compute([base]);
  lab.constant = await constantRight(db, job, tables, query);
  const tied = await areTied(db, near, query);
  const seen: Seen = { kind: job.kind, constant: lab.constant, tied, compared };
  let hypotheses: Hypothesis[] = [base, ...singles(near, seen)];
  say(`trying ${hypotheses.length - 1} causes`);
  await lab.compute(hypotheses);
  let sample = await lab.panel(hypotheses, weights);
  let judged = suspectsOf(sample, hypotheses).map((one) => judge(sample, one));
  const [best] = ranked(judged);
  if (of.mismatching > 0 && !isEnough(best)) {
    const pairs = compositions(near, seen);
    say(`trying ${pairs.length} pairs of causes`);
    await db.query(createTable(tables.few, fewSql(tables.sample)), query);
    const few = await sizeOf(db, tables.few, query);
    const bench = {
      points: { table: tables.few, count: few.mismatching + few.agreeing },
      tried: tables.tried_at_few,
      dropped,
      plans,
    };
    const small = new Laboratory(db, job, near, bench, query, lab.constant);
    await small.clear();
    const all = [...hypotheses, ...pairs];
    await small.compute(all);
    const promoted = bestPairs(await small.panel(all, weightsOf(of, few)), all);
    hypotheses = [...hypotheses, ...promoted];
    await lab.compute(promoted);
    sample = await lab.panel(hypotheses, weights);
    judged = suspectsOf(sample, hypotheses).map((one) => judge(sample, one));
    judged = [...judged, ...unions(sample, judged).map((one) => judge(sample, one))];
  }
  say('counting');
  const findings: Findings = { of, taken, sample, hypotheses, judged: ranked(judged), lab, subject };
  const unlooked =
    compared || subject.compiled?.view.kind !== 'aggregate'
      ? null
      : 'There are too many rows to look for duplicates among them.';
  return report(db, job, tables, findings, note ?? unlooked, query);
}

function bestPairs(panel: readonly SampleRow[], hypotheses: readonly Hypothesis[]): Hypothesis[] {
  const pairs = suspectsOf(panel, hypotheses).filter(({ parts }) => parts.length === 2);
  const judged = ranked(pairs.map((one) => judge(panel, one)));
  return alike<Judged>(panel, judged)
    .slice(0, PROMOTED)
    .flatMap((same) => same.slice(0, 2))
    .map(({ guesses }) => hypotheses[guesses[0]!]!);
}

async function sizeOf(db: Database, rows: string, query: QueryOptions): Promise<SampleSize> {
  const columns = ['count(*) AS n', 'count(*) FILTER (WHERE differs) AS m'];
  const [row] = await queryRows(db, printSelect({ columns, from: [`${rows} AS r`] }), query);
  const mismatching = Number(row!['m']);
  return { mismatching, agreeing: Number(row!['n']) - mismatching };
}

function weightsOf(of: SampleSize, taken: SampleSize): Weights {
  const weight = (all: number, some: number): number => (some === 0 ? 0 : all / some);
  return {
    mismatching: weight(of.mismatching, taken.mismatching),
    agreeing: weight(of.agreeing, taken.agreeing),
  };
}

/**
 * The right value, as text, that is most often given where the definition knows nothing, beyond how often the left side has it at all:
 * beside another mistake most of these rows may have usual values.
 */
async function constantRight(
  db: Database,
  { kind }: AttributionJob,
  { sample, tried }: LabTables,
  query: QueryOptions,
): Promise<string | null> {
  const given = printSelect({
    columns: ['CAST(s."right" AS VARCHAR) AS "constant"', 'count(*) AS n'],
    from: [`${sample} AS s`, `JOIN ${tried} AS t ON t.n = s.n`],
    where: ['s.differs', 't.raw IS NULL', 's."right" IS NOT NULL'],
    groupBy: ['1'],
  });
  const usual = printSelect({
    columns: ['CAST("left" AS VARCHAR) AS "constant"', 'count(*) AS n', 'sum(count(*)) OVER () AS "all"'],
    from: [sample],
    groupBy: ['1'],
  });
  const chosen = printSelect({
    columns: ['g."constant"'],
    from: [`${block(given)} AS g`, `LEFT JOIN ${block(usual)} AS u ON u."constant" = g."constant"`],
    orderBy: ['g.n / sum(g.n) OVER () - coalesce(u.n / u."all", 0) DESC', '1'],
  });
  const rows = await queryRows(db, `${chosen}\nLIMIT 1`, query);
  const text = (rows[0]?.['constant'] as string | undefined) ?? null;
  // DuckDB writes the double 7 as 7.0.
  return kind === 'real' && Number.isFinite(Number(text)) && text !== null ? String(Number(text)) : text;
}

/** Whether rows of one entity share a time. */
async function areTied(db: Database, { compiled }: Subject, query: QueryOptions): Promise<boolean> {
  if (compiled === null) return false;
  const keys = compiled.keys.map(({ name }) => quote(name));
  const select = printSelect({
    columns: ['1'],
    from: [compiled.source],
    where: [`${quote(compiled.view.timestamp)} IS NOT NULL`],
    groupBy: [...keys, quote(compiled.view.timestamp)],
  });
  return (await queryRows(db, `${select}\nHAVING count(*) > 1\nLIMIT 1`, query)).length > 0;
}

function fewSql(sample: string): string {
  const place = 'row_number() OVER (PARTITION BY differs ORDER BY n)';
  const wanted = `CASE WHEN differs THEN ${PAIRED.mismatching} ELSE ${PAIRED.agreeing} END`;
  return `${printSelect({ columns: ['*'], from: [sample] })}\nQUALIFY ${place} <= ${wanted}`;
}

/** Rows that are looked at for duplicates, at most: that holds all of them at once. */
const COMPARED_ROWS = 5_000_000;

/**
 * The subject over the rows of the sample's entities alone, which are copied once and read often; where those are most of the
 * source, over the source. Makes the table without duplicates unless that takes too much memory.
 */
async function nearSubject(
  db: Database,
  subject: Subject,
  tables: LabTables,
  query: QueryOptions,
): Promise<{ near: Subject; compared: boolean }> {
  const { compiled } = subject;
  if (compiled === null) return { near: subject, compared: false };
  const columns = (await loadedColumns(db, compiled.view.source, query.signal)).map(({ name }) => name);
  const all = compiled.facts?.rows ?? 0;
  const entities = printSelect({
    columns: keyColumns(compiled.keys),
    from: [tables.sample],
    distinct: true,
  });
  const sampled = await countRows(db, block(entities), query);
  const isMost = 2 * sampled >= (compiled.facts?.entities ?? 0);
  if (!isMost) await db.query(createTable(tables.near, nearSql(compiled, tables.sample, columns)), query);
  const near = { ...compiled, source: isMost ? compiled.source : tables.near, sorted: null };
  const compared =
    compiled.view.kind === 'aggregate' &&
    (isMost ? all : await countRows(db, tables.near, query)) <= COMPARED_ROWS;
  if (compared) await db.query(createTable(tables.dropped, droppedSql(near, columns)), query);
  return { near: { ...subject, compiled: near }, compared };
}

async function countRows(db: Database, rows: string, query: QueryOptions): Promise<number> {
  const sql = printSelect({ columns: ['count(*) AS n'], from: [`${rows} AS r`] });
  return Number((await queryRows(db, sql, query))[0]!['n']);
}
