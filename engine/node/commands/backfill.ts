import { PlumblineError } from '../../errors';
import type { OnProgress } from '../../ports';
import { wholeFiles } from '../../results';
import type { BackfillArguments } from './arguments';
import type { Output } from './output';
import { runNotebook } from './run';
import { openSession } from './session';

/** Writes what is missing of one backfill cell. Gives the exit code, as `run` does. */
export async function backfillCommand(args: BackfillArguments, output: Output): Promise<number> {
  const session = await openSession(args.file, args);
  try {
    const { backfills } = session.notebook.analysis.catalog;
    if (
      !backfills.has(args.cell) &&
      session.notebook.analysis.cells.get(args.cell)?.block.kind !== 'backfill'
    )
      throw new PlumblineError('notebook.unknown_cell', `No backfill cell ${args.cell} in ${session.file}.`, {
        hint: `It has ${[...backfills.keys()].join(', ') || 'none'}.`,
      });
    const run = { cells: [args.cell], write: true, json: args.json };
    return await runNotebook(session, run, output, args.json ? undefined : filesWritten(output));
  } finally {
    await session.close();
  }
}

/** A line for each file that is whole, as soon as it is. */
function filesWritten(output: Output): OnProgress {
  let before = 0;
  return ({ partitions = [] }) => {
    const written = partitions.filter(({ state }) => state === 'written');
    const [done, newest] = [wholeFiles(partitions), written.at(-1)];
    if (newest && written.length > before) {
      const rows = newest.rows === 1 ? '1 row' : `${newest.rows ?? 0} rows`;
      output.line(`  wrote ${newest.file}, ${rows} (${done} of ${partitions.length})`);
    }
    before = written.length;
  };
}
