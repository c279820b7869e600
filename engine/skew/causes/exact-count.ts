import type { Database, QueryOptions } from '../../database/database';
import { loadedColumns } from '../../database/source-tables';
import { withSortedEvents } from '../../sql/sorted-events';
import { createTable } from '../../sql/training-set';
import type { AttributionJob } from './attribution';
import { Laboratory } from './laboratory';
import type { PanelRow } from './panel';
import type { Hypothesis } from './reading';
import { countedSql, droppedSql, type SampleSize } from './sample';
import type { Subject } from './subject';

/** Rows that are counted, at most. */
const COUNTED: SampleSize = { mismatching: 2_000_000, agreeing: 20_000 };
/** Rows at which values are computed at a time. */
const STRETCH = 500_000;

export interface Counted {
  rows: PanelRow[];
  counted: SampleSize;
}

/** The panel of a few hypotheses over every mismatching row (up to two million) and many agreeing ones. */
export async function countExactly(
  db: Database,
  job: AttributionJob,
  subject: Subject,
  work: {
    hypotheses: readonly Hypothesis[];
    of: SampleSize;
    constant: string | null;
    tables: { sample: string; part: string; tried: string; dropped: string };
  },
  options: QueryOptions,
): Promise<Counted> {
  const { hypotheses, of, constant, tables } = work;
  const keys = subject.compiled?.keys ?? [];
  await db.query(createTable(tables.sample, countedSql(job.rows, keys, of, COUNTED)), options);
  const total = Math.min(of.mismatching, COUNTED.mismatching) + Math.min(of.agreeing, COUNTED.agreeing);
  let read = subject;
  if (subject.compiled !== null) {
    if (hypotheses.some(({ reading }) => reading.dropped)) {
      const columns = await loadedColumns(db, subject.compiled.view.source, options.signal);
      const names = columns.map(({ name }) => name);
      await db.query(createTable(tables.dropped, droppedSql(subject.compiled, names)), options);
    }
    const points = { sql: '', count: total };
    read = { ...subject, compiled: await withSortedEvents(db, subject.compiled, points, options) };
  }
  const sums = new Map<string, PanelRow>();
  const counted: SampleSize = { mismatching: 0, agreeing: 0 };
  for (let from = 0; from < total * 1.1 + 1_000; from += STRETCH) {
    const whole = from === 0 && total < STRETCH * 0.8;
    const stretch = whole ? 'true' : `n >= ${from} AND n < ${from + STRETCH}`;
    await db.query(createTable(tables.part, `SELECT * FROM ${tables.sample} WHERE ${stretch}`), options);
    const bench = {
      points: { table: tables.part, count: Math.min(total, STRETCH) },
      tried: tables.tried,
      dropped: tables.dropped,
    };
    const lab = new Laboratory(db, job, read, bench, options, constant);
    await lab.clear();
    await lab.compute(hypotheses);
    for (const { differs, codes, count } of await lab.counts(hypotheses)) {
      const key = `${differs} ${codes}`;
      const sum = sums.get(key) ?? { differs, codes, weight: 0, hasTwin: false };
      sums.set(key, { ...sum, weight: sum.weight + count });
      counted[differs ? 'mismatching' : 'agreeing'] += count;
    }
    if (whole) break;
  }
  const scale = (differs: boolean): number => {
    const side = differs ? 'mismatching' : 'agreeing';
    return counted[side] === 0 ? 0 : of[side] / counted[side];
  };
  const rows = [...sums.values()].map((row) => ({ ...row, weight: row.weight * scale(row.differs) }));
  return { rows, counted };
}
