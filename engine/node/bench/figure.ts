import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellRun } from '../../results';
import { openSession, WHOLE_RUN, type Session } from '../commands/session';
import type { BenchData } from './data';
import type { Measurement } from './measure';
import { BENCH_NOTEBOOK } from './notebook';

/** What a figure works with. */
export interface Bench {
  data: BenchData;
  /** Timed runs of each side. */
  runs: number;
  say(line: string): void;
}

/** One figure of the benchmark, or a few that share their data. */
export interface Figure {
  /** As `--only` names it. */
  name: string;
  /** Throws `CannotMeasure` where this machine or this version cannot. */
  measure(bench: Bench): Promise<Measurement[]>;
}

/** The reason why a figure is missing: told in the report, never left out in silence. */
export class CannotMeasure extends Error {}

/** Works with an engine of its own on the benchmark's notebook, in which the named sources are loaded. */
export async function withSession<T>(
  { data }: Bench,
  sources: readonly string[],
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const path = join(data.folder, 'bench.plumb.md');
  await writeFile(path, BENCH_NOTEBOOK);
  const session = await openSession(path, { allowOutside: false });
  try {
    if (sources.length > 0) allOk(await session.runner.runAll(sources, WHOLE_RUN));
    return await work(session);
  } finally {
    await session.close();
  }
}

/** A run that failed gives no figure. */
export function allOk(runs: readonly CellRun[]): void {
  for (const { name, error } of runs) if (error) throw new Error(`${name}: ${error.message}`);
}

/** `1,000,000`. */
export function count(rows: number): string {
  return rows.toLocaleString('en-US');
}
