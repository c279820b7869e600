import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command-line';
import { VIEWS, views } from '../data';
import { CannotMeasure, count, type Bench, type Figure } from '../figure';
import { against, type Measurement } from '../measure';
import { BENCH_NOTEBOOK } from '../notebook';
import { asOfSize } from './as-of';

const LIMIT = 2.5 * 2 ** 30;

/**
 * The most memory that a whole run's process holds: engines, Parquet readers and Node itself, so more than WebAssembly
 * alone. And a spine of many rows must end at all.
 */
export const memory: Figure = {
  name: 'memory',
  async measure(bench) {
    const { data } = bench;
    await data.need('spine', 'big_spine', ...views());
    await writeFile(join(data.folder, 'bench.plumb.md'), BENCH_NOTEBOOK);
    const size = await asOfSize(bench);
    const [big = 0] = await data.numbers('SELECT count(*) FROM big_spine');
    return [
      await peak(bench, 'as_of', `peak memory of a whole run, ${VIEWS} views with a ttl`, size),
      await peak(bench, 'big', 'peak memory of a whole run, a long spine and one view', count(big)),
    ];
  },
};

async function peak({ data }: Bench, set: string, what: string, size: string): Promise<Measurement> {
  const run = await runCommand([join(data.folder, 'bench.plumb.md'), '--cell', set]);
  if (run.peak === null) throw new CannotMeasure('this system does not tell the peak memory of a process');
  return against({ figure: 'memory', what, size }, 'bytes', [run.peak], LIMIT, 'limit 2.50 GiB');
}
