import { PlumblineError } from '../../errors';
import { cellPlans } from '../../run/cell-plans';
import { cellSql } from '../../run/cell-sql';
import { planText } from '../../sql/plan-text';
import type { SqlArguments } from './arguments';
import type { Output } from './output';
import { openSession, type Session, WHOLE_RUN } from './session';

/**
 * Prints the SQL that a cell compiles to: sources are known by their schemas only, nothing runs. Or how it would be
 * computed: what the cell needs is loaded, for the planner goes by its rows.
 */
export async function sqlCommand(args: SqlArguments, output: Output): Promise<number> {
  const session = await openSession(args.file, args);
  try {
    const { analysis, documents } = session.notebook;
    const block = documents
      .flatMap((one) => one.blocks)
      .find((one) => one.type === 'cell' && one.name === args.cell);
    if (block?.type !== 'cell')
      throw new PlumblineError('notebook.unknown_cell', `No cell ${args.cell} in ${session.file}.`, {
        hint: 'plumbline check lists what is wrong with a notebook.',
      });
    if (args.plan) {
      await loadFor(session, args.cell);
      const plans = await cellPlans(session.host.database, analysis.catalog, block.kind, args.cell);
      for (const choice of plans) output.line(planText(choice));
      return 0;
    }
    await session.runner.bind();
    for (const { name, sql } of await cellSql(session.host.database, analysis.catalog, block.kind, args.cell))
      output.line(`-- ${name}\n${sql};\n`);
    return 0;
  } finally {
    await session.close();
  }
}

/** Runs what the cell needs, and not the cell. */
async function loadFor(session: Session, cell: string): Promise<void> {
  const needed = session.notebook.analysis.dependencies.get(cell) ?? [];
  const failed = (await session.runner.runAll(needed, WHOLE_RUN)).find((run) => run.error !== null);
  if (failed?.error) throw new PlumblineError(failed.error.code, failed.error.message, failed.error);
}
