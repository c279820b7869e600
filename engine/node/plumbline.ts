#!/usr/bin/env node
import packageJson from '../../package.json' with { type: 'json' };
import { toErrorRecord } from '../errors';
import { parseArguments, USAGE, type Arguments } from './commands/arguments';
import { checkCommand } from './commands/check';
import { explainCommand } from './commands/explain';
import { consoleOutput, type Output } from './commands/output';
import { errorLines } from './commands/report';
import { runCommand } from './commands/run';
import { sqlCommand } from './commands/sql';

function dispatch(args: Arguments, output: Output): Promise<number> {
  switch (args.command) {
    case 'run':
      return runCommand(args, output);
    case 'check':
      return checkCommand(args, output);
    case 'explain':
      return explainCommand(args, output);
    case 'sql':
      return sqlCommand(args, output);
    case 'help':
      output.line(USAGE);
      return Promise.resolve(0);
    case 'version':
      output.line(packageJson.version);
      return Promise.resolve(0);
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

process.exitCode = await plumbline(process.argv.slice(2));
