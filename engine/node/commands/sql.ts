import { PlumblineError } from '../../errors';
import { cellSql } from '../../run/cell-sql';
import type { SqlArguments } from './arguments';
import type { Output } from './output';
import { openSession } from './session';

/** Prints the SQL that a cell compiles to. Sources are known by their schemas only; nothing runs. */
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
    await session.runner.bind();
    for (const { name, sql } of await cellSql(session.host.database, analysis.catalog, block.kind, args.cell))
      output.line(`-- ${name}\n${sql};\n`);
    return 0;
  } finally {
    await session.close();
  }
}
