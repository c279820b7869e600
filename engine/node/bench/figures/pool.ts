import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type CommandRun } from '../command-line';
import { VIEWS, views } from '../data';
import { type Figure } from '../figure';
import { compare, type Side } from '../measure';
import { BENCH_NOTEBOOK } from '../notebook';
import { asOfSize } from './as-of';

/** The whole training set by two engines against one: the cell's own time, loading apart. */
export const pool: Figure = {
  name: 'pool',
  async measure(bench) {
    const { data, runs } = bench;
    await data.need('spine', ...views());
    await writeFile(join(data.folder, 'bench.plumb.md'), BENCH_NOTEBOOK);
    const side = (threads: number): Side => engines(join(data.folder, 'bench.plumb.md'), threads);
    const what = `whole training set with leaks and worth, ${VIEWS} views`;
    const contest = { figure: 'pool', what, goal: 0.6, size: await asOfSize(bench) };
    return [await compare(contest, side(2), side(1), runs)];
  },
};

/** The features that the cell reports, counts and worth, are the digest. */
function engines(notebook: string, threads: number): Side {
  let last: CommandRun['cells'][number] | undefined;
  return {
    name: threads === 1 ? 'one engine' : `${threads} engines`,
    async run() {
      const { cells } = await runCommand([notebook, '--cell', 'as_of', '--threads', String(threads)]);
      last = cells.find(({ name }) => name === 'as_of');
      return last && { clock: last.ms, processor: null };
    },
    digest: () => Promise.resolve(numbersIn(last?.result)),
  };
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
