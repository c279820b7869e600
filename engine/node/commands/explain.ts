import { PlumblineError } from '../../errors';
import { explainValue } from '../../training/explanation';
import { explanationText } from '../../training/explanation-text';
import type { ExplainArguments } from './arguments';
import { explanationJson } from './explanation-report';
import type { Output } from './output';
import { printJson } from './report';
import { openSession, WHOLE_RUN } from './session';

/** Builds the training set whole and says why one value is what it is. */
export async function explainCommand(args: ExplainArguments, output: Output): Promise<number> {
  const session = await openSession(args.file, args);
  try {
    const set = session.notebook.analysis.catalog.trainingSets.get(args.set);
    if (!set)
      throw new PlumblineError(
        'catalog.unknown_training_set',
        `No training set ${args.set} in ${session.file}.`,
        {
          hint: `It has ${[...session.notebook.analysis.catalog.trainingSets.keys()].join(', ') || 'none'}.`,
        },
      );
    const run = await session.runner.run(args.set, WHOLE_RUN);
    if (run.error) throw new PlumblineError(run.error.code, run.error.message, run.error);
    const explanation = await explainValue(
      session.host.database,
      session.notebook.analysis.catalog,
      set,
      args.row,
      args.feature,
      { limit: args.limit, means: session.runner.trainingSet(args.set)?.means },
    );
    output.line(args.json ? printJson(explanationJson(explanation)) : explanationText(explanation));
    return 0;
  } finally {
    await session.close();
  }
}
