import packageJson from '../../../package.json' with { type: 'json' };
import { toErrorRecord } from '../../errors';
import { parseArguments, USAGE, type Arguments } from './arguments';
import { consoleOutput, type Output } from './output';
import { errorLines } from './report';

async function dispatch(args: Arguments, output: Output): Promise<number> {
  switch (args.command) {
    case 'run':
      return (await import('./run')).runCommand(args, output);
    case 'backfill':
      return (await import('./backfill')).backfillCommand(args, output);
    case 'check':
      return (await import('./check')).checkCommand(args, output);
    case 'explain':
      return (await import('./explain')).explainCommand(args, output);
    case 'sql':
      return (await import('./sql')).sqlCommand(args, output);
    case 'export-feast':
      return (await import('./export-feast')).exportFeastCommand(args, output);
    case 'inspect':
      return (await import('./inspect')).inspectCommand(args, output);
    case 'audit':
      return (await import('./audit')).auditCommand(args, output);
    case 'help':
      output.line(USAGE);
      return 0;
    case 'version':
      output.line(packageJson.version);
      return 0;
  }
}

/** The command line: gives the exit code. What stops a command before any cell ran is exit code 2. */
export async function plumbline(words: string[], output: Output = consoleOutput): Promise<number> {
  try {
    return await dispatch(parseArguments(words), output);
  } catch (thrown) {
    output.problem(errorLines(toErrorRecord(thrown), 'plumbline'));
    return 2;
  }
}
